using System.Globalization;

namespace FocalSharp.Runtime.Sessions;

/// <summary>An execution provider of ONNX Runtime, and what it needs on a machine.</summary>
/// <param name="Name">The name that options take.</param>
/// <param name="RuntimeName">ONNX Runtime's name, without the suffix <c>ExecutionProvider</c>.</param>
/// <param name="Package">The NuGet package whose native libraries contain it.</param>
/// <param name="Requirement">What the machine needs besides.</param>
internal sealed record ExecutionProvider(string Name, string RuntimeName, string Package, string Requirement)
{
    /// <summary>The setting that selects a device.</summary>
    public const string DeviceSetting = "device_id";

    private const string NvidiaPackage = "Microsoft.ML.OnnxRuntime.Gpu";

    /// <summary>The provider that every build has.</summary>
    public static readonly ExecutionProvider Cpu = new("cpu", "CPU", "Microsoft.ML.OnnxRuntime", "a supported CPU");

    private static readonly ExecutionProvider[] Known =
    [
        Cpu,
        new("cuda", "CUDA", NvidiaPackage, "an NVIDIA GPU with its driver, and the versions of CUDA and cuDNN that the package was built for"),
        new("tensorrt", "Tensorrt", NvidiaPackage, "an NVIDIA GPU with its driver, and the versions of CUDA, cuDNN and TensorRT that the package was built for"),
        new("directml", "Dml", "Microsoft.ML.OnnxRuntime.DirectML", "Windows and a GPU with DirectX 12"),
        new("coreml", "CoreML", "Microsoft.ML.OnnxRuntime", "macOS"),
        new("openvino", "OpenVINO", "Intel.ML.OnnxRuntime.OpenVino", "an Intel CPU, GPU or NPU with its driver"),
        new("xnnpack", "XNNPACK", "a build of ONNX Runtime with XNNPACK", "an ARM or x64 CPU"),
        new("qnn", "QNN", "Microsoft.ML.OnnxRuntime.QNN", "a Qualcomm NPU with its driver"),
    ];

    /// <summary>The names that options take.</summary>
    public static IEnumerable<string> Names => Known.Select(provider => provider.Name);

    /// <summary>Returns a provider and the device that follows a colon: <c>cuda</c>, <c>cuda:1</c>.</summary>
    /// <exception cref="OptionException">There is no such provider, or the device is not a number.</exception>
    public static (ExecutionProvider Provider, int? Device) Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        string name = parts[0].Equals("dml", StringComparison.OrdinalIgnoreCase) ? "directml" : parts[0];
        ExecutionProvider? provider = Array.Find(Known, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (provider is null)
        {
            throw Invalid($"there is no such execution provider. Choose one of {string.Join(", ", Names)}.");
        }

        if (parts.Length == 1)
        {
            return (provider, null);
        }

        return provider != Cpu && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int device)
            ? (provider, device)
            : throw Invalid("what follows the colon must be the number of a device, as in 'cuda:1'.");

        OptionException Invalid(string reason) =>
            new($"{nameof(RuntimeOptions.ExecutionProvider)} '{text}': {reason}") { OptionName = nameof(RuntimeOptions.ExecutionProvider) };
    }

    /// <summary>Returns the error for a provider that does not work here.</summary>
    /// <param name="reason">What ONNX Runtime reported.</param>
    /// <param name="available">The providers of the build, by the names that ONNX Runtime gives.</param>
    /// <param name="cause">The exception.</param>
    public PlatformException CreateUnavailable(string reason, IReadOnlyCollection<string> available, Exception? cause)
    {
        bool isBuiltIn = available.Contains(RuntimeName + "ExecutionProvider", StringComparer.OrdinalIgnoreCase);
        string way = isBuiltIn
            ? $"It needs {Requirement}."
            : $"The native libraries of ONNX Runtime here do not contain it: reference {Package}. It also needs {Requirement}.";
        string message = $"Execution provider '{Name}' is not available ({reason.TrimEnd('.')}). {way} Available: {string.Join(", ", available.Select(GetShortName))}.";
        return cause is null ? new PlatformException(message) : new PlatformException(message, cause);
    }

    /// <summary>Returns the name that options take for a provider that ONNX Runtime names: <c>cpu</c>, <c>cuda</c>.</summary>
    public static string GetShortName(string provider)
    {
        string name = provider.Replace("ExecutionProvider", "", StringComparison.Ordinal);
        return Array.Find(Known, known => known.RuntimeName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name ?? name.ToLowerInvariant();
    }
}
