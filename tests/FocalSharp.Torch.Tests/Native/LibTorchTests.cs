using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Tests.Native;

public sealed class LibTorchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Loads_from_a_plain_build()
    {
        LibTorch.EnsureLoaded();

        Assert.True(LibTorch.IsAvailable);
        Assert.Equal(3, TorchSharp.torch.ones(3).sum().item<float>());
    }

    [Fact]
    public void Names_the_package_when_libtorch_is_absent()
    {
        string message = LibTorchDiagnosis.Explain(_folder, _ => null);

        Assert.Contains("libtorch is not in this build", message, StringComparison.Ordinal);
        Assert.Contains("libtorch-cpu-linux-x64", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeats_the_dynamic_loader_when_libtorch_is_refused()
    {
        Place("libtorch_cpu.so", "torch_cpu.dll", "libtorch_cpu.dylib");

        string message = LibTorchDiagnosis.Explain(_folder, _ => "libgomp.so.1: cannot open shared object file");

        Assert.Contains("libgomp.so.1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_symbol_version_and_the_way_out_when_the_binding_is_refused()
    {
        Place("libtorch_cpu.so", "torch_cpu.dll", "libtorch_cpu.dylib");
        Place("libLibTorchSharp.so", "LibTorchSharp.dll", "libLibTorchSharp.dylib");

        string message = LibTorchDiagnosis.Explain(
            _folder,
            path => path.Contains("LibTorchSharp", StringComparison.Ordinal) ? "version `GLIBCXX_3.4.32' not found" : null);

        Assert.Contains("GLIBCXX_3.4.32", message, StringComparison.Ordinal);
        Assert.Contains("FocalSharp.Torch.targets", message, StringComparison.Ordinal);
        Assert.DoesNotContain("doesn't contain a reference", message, StringComparison.Ordinal);
    }

    private void Place(params string[] names)
    {
        foreach (string name in names)
        {
            File.WriteAllText(Path.Combine(_folder, name), "not a library");
        }
    }
}
