using FocalSharp.Runtime.Sessions;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests.Sessions;

/// <summary>Names of execution providers, and what happens where one is missing. The machines of the tests have no GPU.</summary>
public class ExecutionProviderTests
{
    [Theory]
    [InlineData("cpu", "cpu", null)]
    [InlineData("CUDA", "cuda", null)]
    [InlineData("cuda:1", "cuda", 1)]
    [InlineData("tensorrt:0", "tensorrt", 0)]
    [InlineData("dml", "directml", null)]
    public void A_name_may_have_the_number_of_a_device(string text, string name, int? device)
    {
        (ExecutionProvider provider, int? index) = ExecutionProvider.Parse(text);
        Assert.Equal((name, device), (provider.Name, index));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cpu:0")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    public void Other_names_are_refused(string text)
    {
        OptionException exception = Assert.Throws<OptionException>(
            () => Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { ExecutionProvider = text }));
        Assert.Equal(nameof(RuntimeOptions.ExecutionProvider), exception.OptionName);
    }

    [Theory]
    [InlineData("cuda", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("tensorrt", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("directml", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData("openvino", "Intel.ML.OnnxRuntime.OpenVino")]
    [InlineData("qnn", "Microsoft.ML.OnnxRuntime.QNN")]
    public void A_missing_provider_is_reported_with_the_package_that_contains_it(string name, string package)
    {
        string message = Assert.Throws<PlatformException>(
            () => Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { ExecutionProvider = name })).Message;
        Assert.Contains($"reference {package}.", message, StringComparison.Ordinal);
        Assert.EndsWith("Available: cpu.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_that_the_build_contains_is_reported_with_what_the_machine_needs()
    {
        string message = ExecutionProvider.Parse("cuda").Provider
            .CreateUnavailable("libcudart.so.12: cannot open", ["CUDAExecutionProvider", "CPUExecutionProvider"], null).Message;
        Assert.Equal(
            "Execution provider 'cuda' is not available (libcudart.so.12: cannot open). It needs an NVIDIA GPU with its driver, and the versions of CUDA and "
            + "cuDNN that the package was built for. Available: cuda, cpu.",
            message);
    }

    [Fact]
    public void The_cpu_takes_over_with_one_warning_and_the_same_detections()
    {
        List<string> warnings = [];
        byte[] model = TestModels.Echo().ToArray();
        using Detector expected = Detector.Load(model);
        using Detector detector = Detector.Load(
            model, new RuntimeOptions { ExecutionProvider = "cuda:1", OnProviderFallback = warnings.Add, ProviderOptions = new Dictionary<string, string> { ["gpu_mem_limit"] = "1" } });
        Assert.Equal("cpu", detector.ExecutionProvider);
        Assert.Equal(expected.Detect(TestImages.WithDetections(64, 64, 0, 0, 9, 9)), detector.Detect(TestImages.WithDetections(64, 64, 0, 0, 9, 9)));
        string warning = Assert.Single(warnings);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", warning, StringComparison.Ordinal);
        Assert.EndsWith("The CPU runs model instead.", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_reported_as_such_with_any_provider()
    {
        List<string> warnings = [];
        string message = Assert.Throws<ModelException>(
            () => Detector.Load([1, 2, 3], new RuntimeOptions { ExecutionProvider = "cuda", OnProviderFallback = warnings.Add })).Message;
        Assert.Contains("damaged", message, StringComparison.Ordinal);
        Assert.Empty(warnings);
    }
}
