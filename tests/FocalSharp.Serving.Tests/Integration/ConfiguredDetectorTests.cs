using FocalSharp.Runtime;
using FocalSharp.Serving.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FocalSharp.Serving.Tests.Integration;

public sealed class ConfiguredDetectorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("configured-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_host_loads_the_model_at_its_start_and_another_when_the_configuration_names_it()
    {
        string second = Write("second.onnx", "second");
        await using OwnApp app = await StartAsync(Write("first.onnx", "first"), ("Detect:MaxDetections", "1"));
        Detector detector = app.App.Services.GetRequiredService<Detector>();
        Assert.Same(detector, app.App.Services.GetRequiredService<IDetector>());
        Assert.Equal("first", detector.Model.Name);
        Assert.Single(detector.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)));

        app.App.Configuration["Detector:Path"] = second;
        ((IConfigurationRoot)app.App.Configuration).Reload();

        Assert.Equal("second", detector.Model.Name);
        app.App.Configuration["Detector:Path"] = second + ".missing";
        ((IConfigurationRoot)app.App.Configuration).Reload();
        Assert.Equal("second", detector.Model.Name);
        Assert.IsType<ModelException>(detector.ReloadError);
    }

    [Fact]
    public async Task A_fake_takes_the_place_of_the_configured_detector()
    {
        await using OwnApp app = await OwnApp.StartAsync(
            (services, configuration) => services.AddDetector(configuration.GetSection("Detector")).AddDetection().AddSingleton<IDetector>(new FakeDetector()),
            app => app.MapDetection("/detect"));
        (await app.PostAsync("/detect", Samples.Jpeg(20, 10))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_wrong_setting_or_file_stops_the_start()
    {
        OptionException unknown = await Assert.ThrowsAsync<OptionException>(() => StartAsync(Write("m.onnx", "m"), ("Thread", "1")));
        Assert.Contains("Detector:Thread: there is no such setting of a detector. Did you mean 'Threads'?", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ModelException>(() => StartAsync(Path.Combine(_folder.FullName, "missing.onnx")));
    }

    [Fact]
    public async Task Keyed_detectors_have_sections_of_their_own()
    {
        Dictionary<string, string?> settings = new() { ["Cats:Path"] = Write("cats.onnx", "cats"), ["Dogs:Path"] = Write("dogs.onnx", "dogs") };
        await using OwnApp app = await OwnApp.StartAsync(
            (services, configuration) => services.AddKeyedDetector("cats", configuration.GetSection("Cats")).AddKeyedDetector("dogs", configuration.GetSection("Dogs")), _ => { }, settings);
        Assert.Equal("cats", app.App.Services.GetRequiredKeyedService<IDetector>("cats").Model.Name);
        Assert.Equal("dogs", app.App.Services.GetRequiredKeyedService<Detector>("dogs").Model.Name);
    }

    [Fact]
    public async Task Health_follows_the_model_and_its_reloads()
    {
        string path = Write("m.onnx", "m");
        await using OwnApp app = await StartAsync(path);
        Assert.Equal("Healthy", await app.Client.GetStringAsync("/health"));

        File.WriteAllBytes(path, [1, 2, 3]);
        Detector detector = app.App.Services.GetRequiredService<Detector>();
        Assert.Throws<ModelException>(() => detector.Reload());
        Assert.Equal("Degraded", await app.Client.GetStringAsync("/health"));

        Write("m.onnx", "m");
        detector.Reload();
        Assert.Equal("Healthy", await app.Client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task A_detector_that_cannot_be_loaded_or_keeps_failing_is_unhealthy()
    {
        using ServiceProvider missing = new ServiceCollection().AddLogging().AddDetector("missing.onnx").AddHealthChecks().AddDetector(failureStatus: HealthStatus.Degraded).Services.BuildServiceProvider();
        HealthReport report = await missing.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("missing.onnx: there is no such model file", report.Entries["detector"].Description, StringComparison.Ordinal);

        FakeDetector failing = new() { FailingWidth = 40 };
        await using OwnApp app = await OwnApp.StartAsync(
            (services, _) => services.AddKeyedSingleton<IDetector>("k", failing).AddDetection().AddHealthChecks().AddDetector(key: "k"),
            app =>
            {
                app.MapHealthChecks("/health");
                app.MapDetection("/detect", "k");
            });
        for (int i = 0; i < 5; i++)
        {
            Assert.False((await app.PostAsync("/detect", Samples.Jpeg(40, 30))).IsSuccessStatusCode);
        }

        Assert.Equal("Unhealthy", await (await app.Client.GetAsync("/health")).Content.ReadAsStringAsync());
        failing.FailingWidth = -1;
        (await app.PostAsync("/detect", Samples.Jpeg(40, 30))).EnsureSuccessStatusCode();
        Assert.Equal("Healthy", await app.Client.GetStringAsync("/health"));
    }

    private string Write(string name, string model)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, TestModels.Echo().Metadata("focalsharp.model", model).ToArray());
        return path;
    }

    private static Task<OwnApp> StartAsync(string path, params (string Key, string Value)[] settings) => OwnApp.StartAsync(
        (services, configuration) => services.AddDetector(configuration.GetSection("Detector"), options => options with { Threads = 1 }).AddHealthChecks().AddDetector(),
        app => app.MapHealthChecks("/health"),
        settings.Append(("Path", path)).ToDictionary(pair => "Detector:" + pair.Item1, pair => (string?)pair.Item2));
}
