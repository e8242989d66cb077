using System.Net;
using System.Net.Sockets;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Tests.Support;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving.Tests.Http;

public sealed class LoadTests
{
    private static readonly ServingOptions OneByOne = new()
    {
        Uploads = new UploadOptions { MaxImages = 2 },
        Batching = new BatchingOptions { MaxBatch = 1, QueueLimit = 2 },
    };

    [Fact]
    public async Task A_full_queue_is_answered_with_Retry_After_and_accepted_requests_complete()
    {
        await using RunningService service = await RunningService.StartAsync(OneByOne);
        service.Model.Block();
        Task<HttpResponseMessage>[] taken = [.. Enumerable.Range(0, 2).Select(_ => service.PostAsync("/v1/detect", Samples.Jpeg()))];
        await Eventually.IsTrueAsync(() => Batcher(service).Reserved == 2, "two are taken");

        HttpResponseMessage response = await service.PostAsync("/v1/detect", Samples.Jpeg());

        await RunningService.AssertProblemAsync(503, response);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        service.Model.Unblock();
        Assert.All(await Task.WhenAll(taken), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode);
    }

    [Fact]
    public async Task Requests_past_the_limit_are_rejected_before_their_body_is_read()
    {
        await using RunningService service = await RunningService.StartAsync(OneByOne with { MaxRequests = 1 });
        service.Model.Block();
        Task<HttpResponseMessage> taken = service.PostAsync("/v1/detect", Samples.Jpeg());
        await Eventually.IsTrueAsync(() => service.Model.StartedBatches == 1, "one is taken");

        HttpResponseMessage response = await service.PostAsync("/v1/detect", Samples.Jpeg());

        await RunningService.AssertProblemAsync(503, response);
        Assert.NotNull(response.Headers.RetryAfter);
        service.Model.Unblock();
        Assert.Equal(HttpStatusCode.OK, (await taken).StatusCode);
    }

    [Fact]
    public async Task Requests_that_wait_together_share_runs()
    {
        await using RunningService service = await RunningService.StartAsync(new() { Batching = new BatchingOptions { MaxBatch = 4 } });
        service.Model.Block();
        Task<HttpResponseMessage> first = service.PostAsync("/v1/detect", Samples.Jpeg());
        await Eventually.IsTrueAsync(() => service.Model.StartedBatches == 1, "the first runs");
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 8).Select(_ => service.PostAsync("/v1/detect", Samples.Jpeg()))];
        await Eventually.IsTrueAsync(() => Batcher(service).Waiting == 8, "eight wait");

        service.Model.Unblock();

        Assert.All(await Task.WhenAll([first, .. others]), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal([1, 4, 4], service.Model.Batches);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_canceled_and_its_image_skipped()
    {
        await using RunningService service = await RunningService.StartAsync(OneByOne with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        service.Model.Block();

        HttpResponseMessage[] late = await Task.WhenAll(service.PostAsync("/v1/detect", Samples.Jpeg()), service.PostAsync("/v1/detect", Samples.Jpeg()));

        foreach (HttpResponseMessage response in late)
        {
            Assert.Contains("canceled after", await RunningService.AssertProblemAsync(503, response), StringComparison.Ordinal);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        service.Model.Unblock();
        await Eventually.IsTrueAsync(() => Batcher(service).Reserved == 0, "both places are free again");
        Assert.Single(service.Model.Batches); // the second was never run
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_rejected()
    {
        await using RunningService service = await RunningService.StartAsync(new() { ReadTimeout = TimeSpan.FromMilliseconds(200) });
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, service.Host.Address.Port);
        await client.GetStream().WriteAsync("POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\n"u8.ToArray());

        byte[] answer = new byte[4096];
        int length = await client.GetStream().ReadAsync(answer);

        Assert.StartsWith("HTTP/1.1 408 ", System.Text.Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_memory_is_not_held_against_the_sender()
    {
        await using RunningService service = await RunningService.StartAsync(new()
        {
            Uploads = new UploadOptions { MaxImageBytes = 100_000, MaxRequestBytes = 100_000, BytesInFlight = 100_000 },
            ReadTimeout = TimeSpan.FromMilliseconds(100),
            RequestTimeout = TimeSpan.FromSeconds(1),
        });
        service.Model.Block();
        Task<HttpResponseMessage> first = SendChunkedAsync(service); // announces no length, so it reserves the whole limit
        await Eventually.IsTrueAsync(() => service.Model.StartedBatches == 1, "the first runs");

        HttpResponseMessage second = await SendChunkedAsync(service);

        await RunningService.AssertProblemAsync(503, second);
        await RunningService.AssertProblemAsync(503, await first);
    }

    [Fact]
    public async Task Stopping_answers_what_was_taken_and_takes_nothing_more()
    {
        RunningService service = await RunningService.StartAsync(new() { Batching = new BatchingOptions { MaxBatch = 1 } });
        service.Model.Block();
        Task<HttpResponseMessage>[] taken = [.. Enumerable.Range(0, 5).Select(_ => service.PostAsync("/v1/detect", Samples.Jpeg()))];
        await Eventually.IsTrueAsync(() => Batcher(service).Reserved == 5, "five are taken");
        using CancellationTokenSource stop = new();
        Task running = service.Host.RunAsync(stop.Token);

        await stop.CancelAsync();
        await Eventually.IsTrueAsync(() => !CanConnect(service.Host.Address.Port), "no new connection is taken");
        service.Model.Unblock();

        Assert.All(await Task.WhenAll(taken), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        await running;
        await service.DisposeAsync();
    }

    [Fact]
    public async Task Many_clients_with_some_bad_requests_cause_no_server_error()
    {
        await using RunningService service = await RunningService.StartAsync(new()
        {
            Uploads = new UploadOptions { MaxImages = 4 },
            Batching = new BatchingOptions { MaxBatch = 4, QueueLimit = 4 },
        });
        byte[][] bodies = [Samples.Jpeg(), Samples.Png(), Samples.Truncated(), Samples.DecompressionBomb(), [], "text"u8.ToArray()];

        HttpStatusCode[][] codes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async client =>
        {
            HttpStatusCode[] own = new HttpStatusCode[20];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = (await service.PostAsync("/v1/detect", bodies[(client + i) % bodies.Length])).StatusCode;
            }

            return own;
        }));

        Assert.All(codes.SelectMany(own => own), code => Assert.True((int)code is 200 or 400 or 413 or 415 or 422 or 503, $"{code}"));
        Assert.Contains(HttpStatusCode.OK, codes.SelectMany(own => own));
        await Eventually.IsTrueAsync(() => Batcher(service).Reserved == 0, "all places are free again");
    }

    private static async Task<HttpResponseMessage> SendChunkedAsync(RunningService service)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/detect") { Content = RunningService.Bytes(Samples.Jpeg(), "image/jpeg") };
        request.Headers.TransferEncodingChunked = true;
        return await service.Client.SendAsync(request);
    }

    private static MicroBatcher Batcher(RunningService service) => (MicroBatcher)service.Host.Services.GetService(typeof(MicroBatcher))!;

    private static bool CanConnect(int port)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
