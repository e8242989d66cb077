using System.Net;
using System.Text.Json;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Json;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Tests.Integration;

public sealed class MapDetectionTests
{
    private static readonly byte[] Jpeg = Samples.Jpeg(200, 100); // larger than the app's own limit of 1000 bytes

    [Fact]
    public async Task Routes_answer_as_the_service_does_under_any_json_options_of_the_app()
    {
        await using OwnApp app = await OwnApp.StartAsync(
            (services, _) => services.AddSingleton<IDetector>(new FakeDetector()).AddDetection()
                .ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper),
            app => app.MapGroup("/api").MapDetection("/objects"));

        HttpResponseMessage response = await app.PostAsync("/api/objects?threshold=0.6", Jpeg);
        string json = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();

        Assert.Contains("\"model\":\"fake\"", json, StringComparison.Ordinal);
        Assert.Contains("\"deviation_px\":{\"left\":1,", json, StringComparison.Ordinal);
        Runtime.Detections found = JsonSerializer.Deserialize(json, DetectionsJson.TypeInfo)!;
        Assert.Equal((200, 100, "dog"), (found.Width, found.Height, found.GetClassName(Assert.Single(found))));

        Assert.Contains("\"images\":[", await (await app.PostAsync("/api/objects/batch", Jpeg)).EnsureSuccessStatusCode().Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("image/png", (await app.PostAsync("/api/objects/annotate?format=png", Jpeg)).Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"classes\":[\"cat\",\"dog\"]", await app.Client.GetStringAsync("/api/objects/model"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/v1/model")).StatusCode);
    }

    [Fact]
    public async Task Rejected_requests_are_problems_and_failures_are_the_apps_own()
    {
        FakeDetector model = new() { FailingWidth = 50 };
        await using OwnApp app = await OwnApp.StartAsync(
            (services, _) => services.AddSingleton<IDetector>(model).AddDetection(new ServingOptions
            {
                Uploads = new() { MaxImages = 1, MaxRequestBytes = 100_000, MaxImageBytes = 100_000 },
                Batching = new() { QueueLimit = 1 },
            }),
            app =>
            {
                app.UseExceptionHandler(own => own.Run(context => context.Response.WriteAsync("own handler")));
                app.MapDetection("/detect");
            });

        await RunningService.AssertProblemAsync(415, await app.PostAsync("/detect", "text"u8.ToArray()));
        await RunningService.AssertProblemAsync(400, await app.PostAsync("/detect?treshold=0.5", Jpeg));
        await RunningService.AssertProblemAsync(413, await app.PostAsync("/detect", new byte[200_000]));
        await RunningService.AssertProblemAsync(422, await app.PostAsync("/detect", Samples.Truncated()));
        HttpResponseMessage failed = await app.PostAsync("/detect", Samples.Jpeg(50, 40));
        Assert.Equal((HttpStatusCode.InternalServerError, "own handler"), (failed.StatusCode, await failed.Content.ReadAsStringAsync()));

        model.Block();
        Task<HttpResponseMessage> taken = app.PostAsync("/detect", Jpeg);
        await Eventually.IsTrueAsync(() => app.App.Services.GetRequiredService<MicroBatcher>().Reserved == 1, "one is taken");
        HttpResponseMessage busy = await app.PostAsync("/detect", Jpeg);
        await RunningService.AssertProblemAsync(503, busy);
        Assert.NotNull(busy.Headers.RetryAfter);
        model.Unblock();
        Assert.Equal(HttpStatusCode.OK, (await taken).StatusCode);
    }

    [Fact]
    public async Task Each_key_has_its_own_detector_and_conventions_apply_to_all_routes()
    {
        FakeDetector cats = new(), dogs = new();
        await using OwnApp app = await OwnApp.StartAsync(
            (services, _) => services.AddKeyedSingleton<IDetector>("cats", cats).AddKeyedSingleton<IDetector>("dogs", dogs).AddDetection(),
            app =>
            {
                app.MapDetection("/cats", "cats");
                app.MapDetection("/dogs", "dogs").AddEndpointFilter((context, next) =>
                    context.HttpContext.Request.Headers.ContainsKey("X-Pass") ? next(context) : ValueTask.FromResult<object?>(TypedResults.Unauthorized()));
            });

        (await app.PostAsync("/cats", Jpeg)).EnsureSuccessStatusCode();
        Assert.Equal((1, 0), (cats.StartedBatches, dogs.StartedBatches));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.PostAsync("/dogs", Jpeg)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Client.GetAsync("/dogs/model")).StatusCode);
        app.Client.DefaultRequestHeaders.Add("X-Pass", "yes");
        (await app.PostAsync("/dogs", Jpeg)).EnsureSuccessStatusCode();
        Assert.Equal((1, 1), (cats.StartedBatches, dogs.StartedBatches));
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        InvalidOperationException missing = await Assert.ThrowsAsync<InvalidOperationException>(() => OwnApp.StartAsync((_, _) => { }, app => app.MapDetection("/detect")));
        Assert.Contains("AddDetection()", missing.Message, StringComparison.Ordinal);
        Assert.Contains(
            "RequireAuthorization",
            Assert.Throws<OptionException>(() => new ServiceCollection().AddDetection(new ServingOptions { ApiKeys = ["0123456789abcdef"] })).Message,
            StringComparison.Ordinal);
    }
}
