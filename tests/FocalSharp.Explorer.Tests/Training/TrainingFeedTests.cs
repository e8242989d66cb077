using System.Text.Json;
using FocalSharp.Explorer.Training;
using FocalSharp.Training.Loop;

namespace FocalSharp.Explorer.Tests.Training;

public sealed class TrainingFeedTests
{
    [Fact]
    public async Task Steps_become_at_most_400_points_whose_means_are_exact()
    {
        TrainingFeed feed = new();
        for (int step = 0; step < 1600; step++)
        {
            feed.Report(CreateStep(step, loss: step));
        }

        feed.End("done");
        JsonElement state = await ReadLastAsync(feed);

        int[] steps = [.. state.GetProperty("losses").GetProperty("step").EnumerateArray().Select(value => value.GetInt32())];
        double[] losses = [.. state.GetProperty("losses").GetProperty("quality").EnumerateArray().Select(value => value.GetDouble())];
        Assert.InRange(steps.Length, 200, 400);
        Assert.Equal(1600, steps[^1]);
        int width = steps[1] - steps[0];
        Assert.Equal((width - 1) / 2.0, losses[0], 1e-9); // the mean of 0, 1, … width − 1
        Assert.Equal(2000, state.GetProperty("totalSteps").GetInt32());
    }

    [Fact]
    public async Task Readers_get_the_state_and_stop_when_the_run_ends()
    {
        TrainingFeed feed = new();
        feed.Report(new TrainingProgress { Event = TrainingEvent.Warning, Message = "one image is broken" });
        feed.End("The run has ended.");

        JsonElement state = await ReadLastAsync(feed);

        Assert.True(state.GetProperty("ended").GetBoolean());
        Assert.Equal("The run has ended.", state.GetProperty("phase").GetString());
        Assert.Equal("Warning: one image is broken", state.GetProperty("messages")[0].GetString());
        Assert.Equal(JsonValueKind.Null, state.GetProperty("secondsLeft").ValueKind);
    }

    private static TrainingProgress CreateStep(int step, double loss) => new()
    {
        Event = TrainingEvent.StepCompleted,
        Message = "",
        TotalSteps = 2000,
        TotalEpochs = 2,
        Step = new StepMetrics(step / 1000, step, loss, 0, 0, 1, 0.01, 1, 8, 0.1, 0, Skipped: false),
    };

    private static async Task<JsonElement> ReadLastAsync(TrainingFeed feed)
    {
        string last = "";
        await foreach (string state in feed.ReadAsync(TestContext.Current.CancellationToken))
        {
            last = state;
        }

        return JsonDocument.Parse(last).RootElement;
    }
}
