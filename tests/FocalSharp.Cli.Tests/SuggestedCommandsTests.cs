using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Models.Catalog;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Tests;

public sealed class SuggestedCommandsTests
{
    private readonly ModelStore _store = new();

    [Fact]
    public void Weights_are_tried_on_an_image() =>
        Assert.Equal("focalsharp predict 'my runs/a/best.safetensors' YOUR_IMAGE.jpg", SuggestedCommands.FormatPredict("my runs/a/best.safetensors"));

    [Theory]
    [InlineData("nanodet-g-coco", "focalsharp train YOUR_DATASET --weights nanodet-g-coco")]
    [InlineData("gfl-r50-1x-coco", "focalsharp train YOUR_DATASET --weights gfl-r50-1x-coco --recipe gfl-r50-1x")]
    [InlineData("resnet50-imagenet", "focalsharp train YOUR_DATASET --weights resnet50-imagenet --recipe gfl-r50-1x")]
    [InlineData("resnet18-imagenet", "focalsharp train YOUR_DATASET --weights resnet18-imagenet --recipe gfl-r50-1x --set model.backbone.depth=18")]
    public void A_published_model_is_trained_with_the_recipe_that_fits_it(string name, string command) =>
        Assert.Equal(command, SuggestedCommands.FormatTrain(_store.Get(name)));

    [Fact]
    public void The_explorer_advises_this_tools_commands() =>
        Assert.Equal("'focalsharp eval raw.onnx DATA' prints its calibration.", SuggestedCommands.ExplorerHints.EvaluateModel("raw.onnx"));

    [Fact]
    public void Recommended_settings_that_the_recipe_has_already_are_left_out()
    {
        Recipe recipe = RecipeBook.Load("gfl-lite");
        RecommendedSettings same = new(416, recipe.Model.Head.RegMax, recipe.Model.Head.Strides, 4, [], 0, 20);
        RecommendedSettings other = same with { RegMax = 24, Strides = [8, 16] };

        Assert.Equal("focalsharp train data --size 416 --batch 4", SuggestedCommands.FormatTrain(same, recipe, "data", recipeName: null));
        Assert.Equal(
            "focalsharp train data --recipe gfl-lite --size 416 --batch 4 --set model.head.regMax=24 --set model.head.strides=8,16 --set model.neck.levels=2",
            SuggestedCommands.FormatTrain(other, recipe, "data", "gfl-lite"));
    }
}
