using System.Net;
using FocalSharp.Serving.Http;
using FocalSharp.Serving.Tests.Support;

namespace FocalSharp.Serving.Tests.Http;

public sealed class HealthTests
{
    [Fact]
    public async Task It_lives_and_is_ready_once_it_listens()
    {
        await using RunningService service = await RunningService.StartAsync();

        Assert.Equal("""{"status":"live"}""", await service.Client.GetStringAsync("/health/live"));
        Assert.Equal("""{"status":"ready"}""", await service.Client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task A_model_that_fails_again_and_again_is_not_ready_until_it_succeeds()
    {
        await using RunningService service = await RunningService.StartAsync();
        service.Model.FailingWidth = 40;
        for (int i = 0; i < Readiness.MaxConsecutiveFailures; i++)
        {
            string detail = await RunningService.AssertProblemAsync(500, await service.PostAsync("/v1/detect", Samples.Jpeg(40, 30)));
            Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
        }

        await RunningService.AssertProblemAsync(503, await service.Client.GetAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/live")).StatusCode);

        (await service.PostAsync("/v1/detect", Samples.Jpeg(41, 30))).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_port_in_use_is_reported()
    {
        await using RunningService service = await RunningService.StartAsync();

        OptionException error = await Assert.ThrowsAsync<OptionException>(
            () => ServingHost.StartAsync(new FakeDetector(), new ServingOptions { Port = service.Host.Address.Port }));

        Assert.Contains("Choose another port", error.Message, StringComparison.Ordinal);
    }
}
