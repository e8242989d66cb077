using FocalSharp.Models;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Native;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>A few drawn scenes, made once for the tests of a class.</summary>
public sealed class SceneFolder : IDisposable
{
    private readonly Dictionary<string, RunFolder> _runs = new(StringComparer.Ordinal);
    private readonly string _runsPath = Directory.CreateTempSubdirectory("focalsharp-runs-").FullName;

    public SceneFolder()
    {
        LibTorch.EnsureLoaded();
        Path = Directory.CreateTempSubdirectory("focalsharp-scenes-").FullName;
        DemoDataset.Create(Path, new DemoOptions { TrainImages = 12, ValImages = 3 });
    }

    public string Path { get; }

    /// <summary>A run that several tests compare with: trained when first asked for.</summary>
    public RunFolder GetOrTrain(string key, Func<string, RunFolder> train)
    {
        if (!_runs.TryGetValue(key, out RunFolder? run))
        {
            run = train(System.IO.Path.Combine(_runsPath, $"{_runs.Count}"));
            _runs.Add(key, run);
        }

        return run;
    }

    /// <summary>A copy that a test may change.</summary>
    public string CopyTo(string folder)
    {
        foreach (string file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(folder, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        Directory.Delete(_runsPath, recursive: true);
    }
}
