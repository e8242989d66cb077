using System.Text.Json;
using FocalSharp.Serving.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace FocalSharp.Serving.Tests.Http;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_valid_and_lists_every_route()
    {
        await using RunningService service = await RunningService.StartAsync();
        await using Stream json = await service.Client.GetStreamAsync("/openapi/v1.json");
        using MemoryStream copy = new();
        await json.CopyToAsync(copy);
        copy.Position = 0;

        (OpenApiDocument? document, OpenApiDiagnostic? diagnostic) = OpenApiDocument.Load(copy, "json");

        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        EndpointDataSource routes = (EndpointDataSource)service.Host.Services.GetService(typeof(EndpointDataSource))!;
        string[] expected = [.. routes.Endpoints.OfType<RouteEndpoint>().Select(route => route.RoutePattern.RawText!).Where(route => !route.StartsWith("/openapi", StringComparison.Ordinal)).Distinct().Order()];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, document!.Paths.Keys.Order());
    }

    [Fact]
    public async Task Routes_that_take_images_say_what_they_take_and_every_status_they_answer()
    {
        await using RunningService service = await RunningService.StartAsync();

        JsonElement document = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi/v1.json")).RootElement;

        foreach (string route in new[] { "/v1/detect", "/v1/detect/batch", "/v1/annotate" })
        {
            JsonElement operation = document.GetProperty("paths").GetProperty(route).GetProperty("post");
            string[] types = [.. operation.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(content => content.Name)];
            Assert.Contains("multipart/form-data", types);
            Assert.Contains("image/jpeg", types);
            Assert.Contains("application/octet-stream", types);
            string[] statuses = [.. operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order()];
            Assert.Equal(["200", "400", "401", "408", "413", "415", "422", "429", "503"], statuses);
            Assert.Contains("threshold", operation.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        }
    }

    [Fact]
    public async Task An_answer_has_the_properties_that_the_document_promises()
    {
        await using RunningService service = await RunningService.StartAsync();
        JsonElement document = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi/v1.json")).RootElement;
        JsonElement answer = await RunningService.JsonAsync(await service.PostAsync("/v1/detect", Samples.Jpeg()));
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");

        Assert.Equal(Names(schemas.GetProperty("DetectResponse").GetProperty("properties")), Names(answer));

        // Only a calibrated model gives intervals, and only fused views disagree.
        string[] promised = [.. Names(schemas.GetProperty("DetectionData").GetProperty("properties"))];
        Assert.Contains("interval90", promised);
        Assert.Contains("disagreement_px", promised);
        Assert.Equal(promised.Except(["interval90", "disagreement_px"]), Names(answer.GetProperty("detections")[0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_key_is_described_where_one_is_asked_for(bool keys)
    {
        await using RunningService service = await RunningService.StartAsync(new() { ApiKeys = keys ? ["0123456789abcdef"] : [] });

        JsonElement document = JsonDocument.Parse(await service.Client.GetStringAsync("/openapi/v1.json")).RootElement;

        Assert.Equal(keys, document.TryGetProperty("security", out _));
        Assert.Equal(keys, document.GetProperty("components").TryGetProperty("securitySchemes", out _));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).Order();
}
