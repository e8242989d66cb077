using FocalSharp.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Runtime.Tests.Hosting;

public sealed class AddDetectorTests
{
    [Fact]
    public void A_container_loads_one_detector_and_disposes_it()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestModels.Echo().ToArray());
            ServiceProvider services = new ServiceCollection()
                .AddDetector(path, new RuntimeOptions { Threads = 1 }).AddKeyedDetector("second", path)
                .AddDetector("ignored.onnx", options => options with { MaxBatch = 2 }).BuildServiceProvider();
            Detector detector = services.GetRequiredService<Detector>();

            Assert.Same(detector, services.GetRequiredService<Detector>());
            Assert.Same(detector, services.GetRequiredService<IDetector>());
            Assert.Same(services.GetRequiredKeyedService<Detector>("second"), services.GetRequiredKeyedService<IDetector>("second"));
            Assert.NotSame(detector, services.GetRequiredKeyedService<Detector>("second"));
            Assert.Equal(2, detector.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)).Count);
            services.Dispose();
            Assert.Throws<ObjectDisposedException>(() => detector.WarmUp());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Options_can_be_changed_in_place()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestModels.Echo().ToArray());
            using ServiceProvider services = new ServiceCollection()
                .AddDetector(path, options => options with { Detect = new DetectOptions { MaxDetections = 1 } }).BuildServiceProvider();
            Assert.Single(services.GetRequiredService<IDetector>().Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Settings_are_read_when_the_detector_is_resolved()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestModels.Echo().ToArray());
            Dictionary<string, string?> settings = new() { ["Path"] = "nowhere.onnx", ["Detect:MaxDetections"] = "1" };
            using ServiceProvider services = new ServiceCollection()
                .AddDetector(settings, options => options with { Threads = 1 }).AddKeyedDetector("second", settings).AddKeyedDetector("third", _ => Detector.Load(path)).BuildServiceProvider();
            settings["Path"] = path;

            Assert.Single(services.GetRequiredService<IDetector>().Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)));
            Assert.Single(services.GetRequiredKeyedService<IDetector>("second").Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)));
            Assert.Equal(2, services.GetRequiredKeyedService<IDetector>("third").Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)).Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_model_throws_when_the_detector_is_resolved()
    {
        using ServiceProvider services = new ServiceCollection().AddDetector("nowhere.onnx").BuildServiceProvider();
        Assert.Throws<ModelException>(() => services.GetRequiredService<Detector>());
    }
}
