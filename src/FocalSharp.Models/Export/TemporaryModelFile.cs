using FocalSharp.Torch.Onnx;

namespace FocalSharp.Models.Export;

/// <summary>A model in a temporary file, for as long as it is needed.</summary>
internal sealed class TemporaryModelFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("focalsharp-");

    public TemporaryModelFile(OnnxModel model)
    {
        Path = System.IO.Path.Combine(_folder.FullName, "model.onnx");
        using FileStream stream = File.Create(Path);
        model.Write(stream);
    }

    public string Path { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
