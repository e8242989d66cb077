using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Models;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Datasets;

[Collection(DetectorTests.Name)]
public sealed class DatasetCacheTests(DetectorSite site)
{
    [Fact]
    public void A_given_data_set_of_the_same_images_has_the_detections_of_the_run()
    {
        ExplorerModelEntry run = new("tiny", site.Weights, site.In("runs", "tiny"));
        string other = site.In("other");
        CopyFolder(site.In("data"), other);
        File.Move(Path.Combine(other, "images", "val", "2.png"), Path.Combine(other, "images", "val", "3.png"));
        File.Move(Path.Combine(other, "labels", "val", "2.txt"), Path.Combine(other, "labels", "val", "3.txt"));

        Assert.True(new DatasetCache(site.In("data"), new ExplorerHints()).Get(run).HasDetections);
        Assert.False(new DatasetCache(other, new ExplorerHints()).Get(run).HasDetections);
    }

    [Fact]
    public async Task A_file_without_detections_is_evaluated_on_a_given_data_set()
    {
        ExplorerModelEntry file = new("raw.onnx", site.In("runs", "raw.onnx"), RunFolder: null);
        DatasetCache cache = new(site.In("data"), new ExplorerHints());
        using ModelCache models = new();
        EvaluatedDataset before = cache.Get(file);
        EvaluationJob job = new(models, file, before.Dataset);

        await job.RunAsync(results => cache.Add(file, results), TestContext.Current.CancellationToken);

        Assert.Null(job.Error);
        Assert.Equal((3, 3, false), (job.Done, job.Total, job.IsRunning));
        Assert.False(before.HasDetections);
        Assert.True(cache.Get(file).HasDetections);
    }

    [Fact]
    public void A_set_for_evaluation_only_is_shown_instead_of_training_images()
    {
        string evaluation = site.In("evaluation");
        CopyFolder(site.In("data"), evaluation);
        File.WriteAllText(Path.Combine(evaluation, "data.yaml"), "val: images/val\nnames: [cat, dog]\n");

        Assert.Equal(["0.png", "1.png", "2.png"], new DatasetCache(evaluation, new ExplorerHints()).GetTrainingImages(entry: null).Images.Select(image => Path.GetFileName(image.FileName)));
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
