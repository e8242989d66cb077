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
                .AddDetector(path, new RuntimeOptions { Threads = 1 }).AddKeyedDetector("second", path).BuildServiceProvider();
            Detector detector = services.GetRequiredService<Detector>();

            Assert.Same(detector, services.GetRequiredService<Detector>());
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
    public void A_model_that_is_not_there_is_told_when_it_is_asked_for()
    {
        using ServiceProvider services = new ServiceCollection().AddDetector("nowhere.onnx").BuildServiceProvider();
        Assert.Throws<FocalSharpException>(() => services.GetRequiredService<Detector>());
    }
}
