using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using FocalSharp.Training.Tuning.Search;

namespace FocalSharp.Training.Tests.Tuning.Search;

public sealed class RecipeSearchTests(SceneFolder scenes) : IClassFixture<SceneFolder>
{
    [Fact]
    public void A_search_measures_the_recipe_first_and_saves_what_it_finds()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        int saved = 0;

        SearchState state = RecipeSearch.Run(CreateRequest("optimizer.learningRate=0.0001..0.01:log"), new TrainingEvents(null, []), Save, stop.Token);

        Assert.Equal(saved, state.Trials.Count);
        Assert.Equal((0, 0), (state.Trials[0].Number, state.Trials[0].Rung));
        Assert.Equal("0.001", state.Trials[0].Values[0]);
        Assert.True(state.Trials.Count >= 3);
        Assert.NotNull(state.Best);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder.In("search.json")));
        Assert.Equal(state.Trials.Count, json.RootElement.GetProperty("trials").GetArrayLength());
        Recipe best = RecipeBook.Load(folder.In("best.yaml"));
        Assert.Equal(state.Best.Values[0], best.Optimizer.LearningRate.ToString(System.Globalization.CultureInfo.InvariantCulture));
        string report = File.ReadAllText(folder.In("report.html"));
        Assert.Equal(state.Trials.Count, report.Split("<polyline").Length - 1);
        Assert.Contains("focalsharp train &lt;data&gt;", report, StringComparison.Ordinal);

        void Save(SearchState found)
        {
            found.Save(folder.Path, "Search", "focalsharp train <data>");
            if (++saved == 3)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void Unknown_keys_and_invalid_values_are_refused_before_training()
    {
        Assert.Throws<OptionException>(() => Run("no.such.key=1..2"));
        Assert.Throws<OptionException>(() => Run("optimizer.learningRate=-1..1"));
        Assert.Throws<OptionException>(() => Run("input=100|416"));

        void Run(string parameter) => RecipeSearch.Run(
            CreateRequest(parameter), new TrainingEvents(null, []), _ => Assert.Fail("A trial was trained."), TestContext.Current.CancellationToken);
    }

    private SearchRequest CreateRequest(string parameter)
    {
        DetectionDataset training = DatasetReader.Read(scenes.Path).Select(DatasetSplit.Train);
        Recipe tiny = TinyRecipe.Create();
        return new SearchRequest
        {
            Recipe = tiny with { Model = tiny.Model with { Classes = training.Classes } },
            Training = training,
            Parameters = [SearchParameter.Parse(parameter)],
            Options = new TrainerOptions { Precision = Precision.Float32 },
        };
    }
}
