using System.Net;
using System.Net.Sockets;
using System.Text;
using FocalSharp.Serving.Tests.Support;
using FocalSharp.Serving.Uploads;

namespace FocalSharp.Serving.Tests.Http;

public sealed class BadRequestTests
{
    public static TheoryData<string, int> Bodies => new()
    {
        { "empty", 400 }, { "text", 415 }, { "svg", 415 }, { "truncated", 422 }, { "header", 422 }, { "bomb", 413 }, { "tiny", 422 }, { "zeros", 415 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_a_client_error_on_every_route(string kind, int status)
    {
        await using RunningService service = await RunningService.StartAsync();
        foreach (string route in new[] { "/v1/detect", "/v1/detect/batch", "/v1/annotate" })
        {
            await RunningService.AssertProblemAsync(status, await service.PostAsync(route, Body(kind)));
            await RunningService.AssertProblemAsync(status, await service.PostFormAsync(route, ("a.jpg", Body(kind))));
        }

        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode);
        Assert.Single(service.Model.Batches); // none of them reached the model
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/json", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=none", 400)]
    public async Task A_wrong_content_type_is_explained(string type, int status)
    {
        await using RunningService service = await RunningService.StartAsync();

        await RunningService.AssertProblemAsync(status, await service.PostAsync("/v1/detect", Samples.Jpeg(), type));
    }

    [Theory]
    [InlineData("?threshold=abc", "threshold")]
    [InlineData("?threshold=1.5", "between 0 and 1")]
    [InlineData("?threshold=NaN", "between 0 and 1")]
    [InlineData("?threshold=-0.1", "between 0 and 1")]
    [InlineData("?threshold=0.1&threshold=0.2", "more than once")]
    [InlineData("?max_detections=0", "between 1 and 1000")]
    [InlineData("?max_detections=99999999999999999999", "between 1 and 1000")]
    [InlineData("?treshold=0.9", "Did you mean 'threshold'")]
    [InlineData("?format=png", "unknown parameter")]
    [InlineData("?threshold=0.5%00", "control character")]
    [InlineData("?%0D%0Aevil=1", "unknown parameter")]
    public async Task A_bad_parameter_is_explained(string query, string expectedText)
    {
        await using RunningService service = await RunningService.StartAsync();

        HttpResponseMessage response = await service.PostAsync("/v1/detect" + query, Samples.Jpeg());

        Assert.Contains(expectedText, await RunningService.AssertProblemAsync(400, response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_an_image_is_explained()
    {
        await using RunningService service = await RunningService.StartAsync();
        using MultipartFormDataContent form = new() { { new StringContent("0.5"), "threshold" } };

        string detail = await RunningService.AssertProblemAsync(400, await service.Client.PostAsync("/v1/detect", form));

        Assert.Contains("-F image=@", detail, StringComparison.Ordinal);
    }

    // A client that sends Expect: 100-continue, as curl does, receives the response for any length. The bodies of other clients are drained for
    // some seconds: enough for a body just above the limit, even on a busy machine.
    [Theory]
    [InlineData(200, true, true)]
    [InlineData(66, true, false)]
    [InlineData(66, false, false)]
    public async Task Too_many_megabytes_are_rejected_and_the_client_receives_the_response(int megabytes, bool announced, bool expectsContinue)
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/detect") { Content = RunningService.Bytes(LongJpeg(megabytes), "image/jpeg") };
        request.Headers.TransferEncodingChunked = !announced;
        request.Headers.ExpectContinue = expectsContinue;

        await RunningService.AssertProblemAsync(413, await service.Client.SendAsync(request));

        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode);
    }

    [Fact]
    public async Task More_images_than_allowed_are_rejected()
    {
        await using RunningService service = await RunningService.StartAsync(new() { Uploads = new UploadOptions { MaxImages = 2 } });

        (string, byte[])[] three = [.. Enumerable.Range(0, 3).Select(i => ($"{i}.jpg", Samples.Jpeg()))];

        await RunningService.AssertProblemAsync(413, await service.PostFormAsync("/v1/detect/batch", three));
    }

    [Theory]
    [InlineData("GET", "/v1/detect", 405)]
    [InlineData("PUT", "/v1/detect", 405)]
    [InlineData("POST", "/health/live", 405)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/v1/detect/../../etc/passwd", 404)]
    [InlineData("GET", "/openapi/v2.json", 404)]
    public async Task A_wrong_route_or_method_is_explained(string method, string route, int status)
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), route);

        HttpResponseMessage response = await service.Client.SendAsync(request);

        if (route != "/openapi/v2.json") // the OpenAPI route writes its own response
        {
            await RunningService.AssertProblemAsync(status, response);
        }

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_truncated_body_does_not_affect_other_requests()
    {
        await using RunningService service = await RunningService.StartAsync();
        using (TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, service.Host.Address.Port);
            await client.GetStream().WriteAsync("POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\n"u8.ToArray());
            await client.GetStream().WriteAsync(Samples.Jpeg());
        }

        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/detect", Samples.Jpeg())).StatusCode);
    }

    [Fact]
    public async Task Corrupted_images_never_cause_a_server_error()
    {
        await using RunningService service = await RunningService.StartAsync();
        Random random = new(7);
        byte[][] good = [Samples.Jpeg(64, 64), Samples.Png(64, 64), HandWrittenImages.Bmp(16, 16, new RgbColor(1, 2, 3))];
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = [.. good[i % good.Length]];
            for (int n = 0; n < 1 + (i % 20); n++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            HttpResponseMessage response = await service.PostAsync("/v1/detect", bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.RequestEntityTooLarge, $"{i}: {response.StatusCode}");
        }
    }

    private static byte[] Body(string kind) => kind switch
    {
        "empty" => [],
        "text" => Encoding.UTF8.GetBytes("I am a photo, believe me"),
        "svg" => Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'/>"),
        "truncated" => Samples.Truncated(),
        "header" => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 1],
        "bomb" => Samples.DecompressionBomb(),
        "tiny" => Samples.Png(7, 100),
        "zeros" => new byte[10_000],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static byte[] LongJpeg(int megabytes)
    {
        byte[] bytes = new byte[megabytes << 20];
        Samples.Jpeg().CopyTo(bytes, 0);
        return bytes;
    }
}
