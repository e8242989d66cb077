using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Recipes;

public sealed class RecipeBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_shipped_recipe_reads()
    {
        Assert.NotEmpty(RecipeBook.Names);
        Assert.All(RecipeBook.Names, name =>
        {
            Recipe recipe = RecipeBook.Load(name);
            Assert.Equal(name, recipe.Name);
            Assert.NotEmpty(recipe.Description);
        });
    }

    [Fact]
    public void A_file_lists_only_what_differs_from_its_base()
    {
        Recipe parent = RecipeBook.Load("gfl-lite");

        Recipe recipe = RecipeBook.Load(Write("mine.yaml", "base: gfl-lite\nepochs: 3\nmodel:\n  head:\n    reg_max: 12\n"));

        Assert.Equal("mine", recipe.Name);
        Assert.Equal(3, recipe.Epochs);
        Assert.Equal(12, recipe.Model.Head.RegMax);
        Assert.Equal(((GflHeadOptions)parent.Model.Head).Channels, ((GflHeadOptions)recipe.Model.Head).Channels);
        Assert.Equal(parent.Optimizer, recipe.Optimizer);
    }

    [Fact]
    public void An_unknown_key_is_answered_with_the_nearest_one()
    {
        OptionException error = Assert.Throws<OptionException>(
            () => RecipeBook.Load(Write("mine.yaml", "optimizer:\n  learningRat: 0.1\n")));

        Assert.Contains("'optimizer' has no key 'learningRat'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'learningRate'?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs: many", "'epochs' must be a whole number")]
    [InlineData("optimizer: { learningRate: .nan }", "'optimizer.learningRate' must be a number")]
    [InlineData("optimizer: { kind: sdg }", "'optimizer.kind' must be one of sgd, adamW")]
    [InlineData("optimizer: 3", "'optimizer' must be a group of keys")]
    [InlineData("epochs: [1, 2]", "'epochs' must be a single value")]
    [InlineData("- epochs", "YAML mapping")]
    [InlineData("epochs: [1", "not valid YAML")]
    public void Wrong_values_are_named(string yaml, string expected)
    {
        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Load(Write("mine.yaml", yaml)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipes_in_a_circle_are_refused()
    {
        string path = Path.Combine(_folder, "a.yaml");
        File.WriteAllText(path, $"base: {path}\n");

        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Load(path));

        Assert.Contains("circle", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_recipe_is_answered_with_the_nearest_one()
    {
        OptionException error = Assert.Throws<OptionException>(() => RecipeBook.Load("gfl-lit"));

        Assert.Contains("Did you mean 'gfl-lite'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_changes_one_value_and_takes_lists()
    {
        Recipe recipe = RecipeBook.Set(RecipeBook.Load("gfl-lite"), "model.head.strides=[8,16,32]");
        recipe = RecipeBook.Set(recipe, "optimizer.learning_rate = 0.5");

        Assert.Equal([8, 16, 32], recipe.Model.Head.Strides);
        Assert.Equal(0.5, recipe.Optimizer.LearningRate);
    }

    [Fact]
    public void Set_without_a_value_is_refused() =>
        Assert.Contains("key=value", Assert.Throws<OptionException>(() => RecipeBook.Set(new Recipe(), "epochs")).Message, StringComparison.Ordinal);

    [Fact]
    public void Set_refuses_a_key_deeper_than_any_recipe() =>
        Assert.Contains(
            "at most 16 parts",
            Assert.Throws<OptionException>(() => RecipeBook.Set(new Recipe(), $"model{new string('.', 16_000)}=1")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_described_recipe_reads_back_as_itself()
    {
        Recipe recipe = RecipeBook.Set(RecipeBook.Load("gfl-lite"), "model.head.qualityPredictor=true");
        string path = Write("resolved.yaml", RecipeBook.Describe(recipe));

        Recipe again = RecipeBook.Load(path);

        Assert.Equal(RecipeBook.Describe(recipe), RecipeBook.Describe(again));
        Assert.NotNull(((GflHeadOptions)again.Model.Head).QualityPredictor);
    }

    [Theory]
    [InlineData("model.backbone.csp={ norm: batch }", "'kind: cspnet'")]
    [InlineData("model.head.ownLevels=true", "'model.head.perLevelWeights'")]
    [InlineData("model.head.sides=dirac", "'model.head.boxRepresentation'")]
    [InlineData("model.loss.assignerTopK=15", "'model.loss.assigner.topK'")]
    [InlineData("model.loss.beta=1", "'model.loss.classification.beta'")]
    [InlineData("model.loss.focalAlpha=0.5", "'model.loss.classification.alpha'")]
    [InlineData("model.loss.doubtScore=0.6", "'model.loss.ignoreNegativesAbove'")]
    [InlineData("model.loss.qualityWeight=2", "'model.loss.classificationWeight'")]
    public void A_renamed_key_answers_with_its_successor(string assignment, string successor)
    {
        string message = Assert.ThrowsAny<FocalSharpException>(() => RecipeBook.Set(new Recipe(), assignment)).Message;

        Assert.Contains("was renamed to", message, StringComparison.Ordinal);
        Assert.Contains(successor, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_is_chosen_by_kind_and_changed_without_one()
    {
        Recipe recipe = RecipeBook.Load(Write("parts.yaml", """
            base: gfl-lite
            model:
              backbone: { kind: cspnet, baseChannels: 16 }
              neck: pan
              loss: { assigner: { kind: dynamicSoftLabel, topK: 7 }, classification: focal, box: { kind: ciou } }
            """));

        Assert.Equal(16, Assert.IsType<CspNetOptions>(recipe.Model.Backbone).BaseChannels);
        Assert.IsType<PanOptions>(recipe.Model.Neck);
        Assert.Equal(new DynamicSoftLabelOptions { TopK = 7 }, recipe.Model.Loss.Assigner);
        Assert.Equal(new FocalLossOptions(), recipe.Model.Loss.Classification);
        Assert.Equal(new IouLossOptions("ciou"), recipe.Model.Loss.Box);

        Recipe changed = RecipeBook.Set(RecipeBook.Set(recipe, "model.loss.assigner.iouFactor=2"), "model.loss.classification.kind=focal");
        Assert.Equal(new DynamicSoftLabelOptions { TopK = 7, IouFactor = 2 }, changed.Model.Loss.Assigner);
        Assert.Equal(RecipeBook.Describe(changed), RecipeBook.Describe(RecipeBook.Load(Write("resolved-parts.yaml", RecipeBook.Describe(changed)))));
    }

    [Fact]
    public void An_unknown_kind_answers_with_the_known_ones()
    {
        string message = Assert.ThrowsAny<FocalSharpException>(() => RecipeBook.Set(new Recipe(), "model.backbone.kind=resnext")).Message;

        Assert.Contains("'model.backbone'", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'resnet'?", message, StringComparison.Ordinal);
        Assert.Contains("resnet, res2net, cspnet", message, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
