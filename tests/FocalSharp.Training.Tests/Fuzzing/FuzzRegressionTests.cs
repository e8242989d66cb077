using System.Text;
using System.Text.Json.Nodes;
using FocalSharp.Checkpoints;
using FocalSharp.Models;
using FocalSharp.Reporting;
using FocalSharp.TestSupport.Fuzzing;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Tests.Fuzzing;

/// <summary>Inputs that once ended in a crash or cost far more than they should.</summary>
public sealed class FuzzRegressionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("base: gfl-lite\nmodel:\n", "'model' must be a group of keys")]
    [InlineData("optimizer: ~\n", "'optimizer' must be a group of keys")]
    [InlineData("base: [gfl-lite]\n", "'base' must be a recipe's name")]
    [InlineData("? [a, b]\n: 3\n", "a key that is not plain text")]
    [InlineData("a: &x [1]\nb: *x\n", "alias")]
    [InlineData("- 1\n", "a recipe is a YAML mapping")]
    [InlineData("epochs: 1\nepochs: 2\n", "not valid YAML")]
    public void Recipes_that_once_crashed_are_refused_in_words(string yaml, string expected)
    {
        OptionException error = Assert.Throws<OptionException>(() => Load(Encoding.UTF8.GetBytes(yaml)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_nests_without_end_does_not_overflow_the_stack()
    {
        byte[] deep = [.. Enumerable.Repeat((byte)'[', 500_000)];

        Fuzzer.Check(deep, bytes => Assert.Throws<OptionException>(() => Load(bytes)), new(8 << 20, 400));
        Assert.Equal("freeze", Assert.Single(RecipeBook.Flatten(RecipeBook.Set(new Recipe(), "freeze=" + new string('[', 5000))), entry => entry.Key == "freeze").Key);
    }

    [Fact]
    public void A_log_with_a_hundred_thousand_columns_takes_no_memory_for_its_rows()
    {
        string path = _folder.In("metrics.csv");
        byte[] text = Encoding.UTF8.GetBytes(new string(',', 100_000) + "\n" + string.Concat(Enumerable.Repeat("1\n", 10_000)));

        Fuzzer.Check(
            text,
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                Assert.ThrowsAny<FocalSharpException>(() => MetricsLog.Read(path));
            },
            new(4 << 20, 100));
    }

    [Fact]
    public void A_checkpoint_whose_progress_is_null_is_refused()
    {
        StateDict stored = new RunCheckpoint().ToStateDict();
        Dictionary<string, string> metadata = new(stored.Metadata) { ["progress"] = "null" };

        Assert.Contains("null", Assert.Throws<FileException>(() => RunCheckpoint.FromStateDict(new StateDict(stored, metadata))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_recipe_holds_a_null_is_refused()
    {
        RunFolder run = RunFolder.Create(_folder.In("run"));
        Recipe recipe = RecipeBook.Load("gfl-lite");
        RunManifest.Create(new TrainingRequest { Data = "demo", Recipe = recipe }, recipe).Save(run);
        string file = run.ManifestPath;
        JsonNode record = JsonNode.Parse(File.ReadAllText(file))!;
        record["recipe"] = new JsonObject { ["data"] = null };
        File.WriteAllText(file, record.ToJsonString());

        Assert.Contains("a value of its recipe is null", Assert.Throws<FileException>(() => RunManifest.Read(run)).Message, StringComparison.Ordinal);
    }

    private Recipe Load(byte[] bytes)
    {
        string path = _folder.In("mine.yaml");
        File.WriteAllBytes(path, bytes);
        return RecipeBook.Load(path);
    }
}
