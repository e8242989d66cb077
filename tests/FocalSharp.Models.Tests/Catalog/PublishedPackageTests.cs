using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;

namespace FocalSharp.Models.Tests.Catalog;

/// <summary>The real nanodet.json and nanodet.bin through the real catalogue; skipped where they are not at hand.</summary>
public sealed class PublishedPackageTests : IDisposable
{
    private const string Variable = "FOCALSHARP_NANODET_G";
    private readonly ZooSample _sample = new();

    [Fact]
    public async Task The_published_files_become_a_detector_that_says_whose_it_is()
    {
        string? json = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(
            json is not null && Path.GetFileName(json) == "nanodet.json" && File.Exists(json), $"{Variable} does not name the package's nanodet.json");
        ModelStore store = new(new ModelStoreOptions { Folder = _sample.Cache });
        ModelEntry entry = store.Get("nanodet-g-coco");

        StoredModel model = (await store.PullAsync(entry, Path.GetDirectoryName(json), _sample, TestContext.Current.CancellationToken)).Model;

        IReadOnlyDictionary<string, string> info = DetectorCheckpoint.ReadMetadata(model.Path);
        Assert.Equal(80, DetectorCheckpoint.ReadOptions(model.Path).Classes.Count);
        Assert.Contains("Apache-2.0", info["licence"], StringComparison.Ordinal);
        Assert.Contains("MIT", info["licence"], StringComparison.Ordinal);
        Assert.Contains("human-models@3.0.4", info["origin"], StringComparison.Ordinal);
        string notice = File.ReadAllText(Path.Combine(model.Folder, "NOTICE.txt"));
        Assert.Contains("RangiLyu", notice, StringComparison.Ordinal);
        Assert.Contains("Copyright (c) 2021 Vladimir Mandic", notice, StringComparison.Ordinal);
        Assert.Equal(["nanodet.json", "nanodet.bin"], model.Sources.Select(source => source.Name));
    }

    public void Dispose() => _sample.Dispose();
}
