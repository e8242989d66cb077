using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Recipes;

public sealed class RecipeCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gfl-lite")]
    [InlineData("gfl-demo")]
    [InlineData("gfl-shapes")]
    [InlineData("nanodet-g")]
    [InlineData("nanodet-g-scratch")]
    [InlineData("nanodet-g-finetune")]
    [InlineData("nanodet-efficientnet-lite0-320")]
    [InlineData("nanodet-efficientnet-lite1-416")]
    [InlineData("nanodet-efficientnet-lite2-512")]
    [InlineData("nanodet-repvgg-a0-416")]
    public void What_a_recipe_trains_can_be_stored_and_read_again(string recipe)
    {
        string path = Path.Combine(_folder.Path, "weights.safetensors");
        using GflDetector detector = new(RecipeBook.Load(recipe).Model with { Classes = ["cat", "dog"] }, seed: 1);
        DetectorCheckpoint.Save(path, detector);

        using GflDetector read = DetectorCheckpoint.Load(path);

        Assert.Equal(detector.parameters().Sum(parameter => parameter.numel()), read.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(["cat", "dog"], read.Options.Classes);
    }
}
