using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>What one file of <see cref="CheckpointStore"/> holds: the trainer's state and the recorder's.</summary>
/// <param name="Trainer">The trainer's.</param>
/// <param name="Progress">The recorder's.</param>
internal sealed record RunCheckpoint(TrainerCheckpoint Trainer, RunProgress Progress)
{
    private const int Format = 1;
    private const string FormatKey = "focalsharp.state";
    private const string TrainerProgressKey = "progress";
    private const string RunProgressKey = "records";
    private const string StepsTensorName = "records.steps";
    private const int StepColumns = 12;

    /// <summary>The state as named tensors with text beside them.</summary>
    public StateDict ToStateDict()
    {
        double[] steps = [.. Progress.Steps.SelectMany(ToRow)];
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(steps.AsSpan()).ToArray();
        return new StateDict(
            [.. Trainer.Tensors, new(StepsTensorName, new StateTensor(ElementType.F64, [Progress.Steps.Count, StepColumns], bytes))],
            new Dictionary<string, string>
            {
                [FormatKey] = $"{Format}",
                [TrainerProgressKey] = JsonSerializer.Serialize(Trainer.Progress),
                [RunProgressKey] = JsonSerializer.Serialize(Progress with { Steps = [] }),
            });
    }

    /// <summary>The state of a file's tensors and text.</summary>
    /// <exception cref="FocalSharpException">It is another version's.</exception>
    public static RunCheckpoint FromStateDict(StateDict stored)
    {
        if (stored.Metadata.GetValueOrDefault(FormatKey) != $"{Format}")
        {
            throw new FocalSharpException("it is another version's");
        }

        try
        {
            StepMetrics[] steps = [.. stored[StepsTensorName].ToDoubles().Chunk(StepColumns).Select(FromRow)];
            return new RunCheckpoint(
                new TrainerCheckpoint([.. stored.Where(entry => entry.Key != StepsTensorName)], Parse<TrainerProgress>(stored.Metadata[TrainerProgressKey])),
                Parse<RunProgress>(stored.Metadata[RunProgressKey]) with { Steps = steps });
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or JsonException or IndexOutOfRangeException or InvalidOperationException or NotSupportedException)
        {
            throw new FocalSharpException($"it cannot be understood ({exception.Message})", exception);
        }
    }

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new JsonException("a part of it is null");

    private static double[] ToRow(StepMetrics step) =>
    [
        step.Epoch, step.Step, step.QualityLoss, step.BoxLoss, step.DistributionLoss, step.Positives, step.LearningRate, step.GradientNorm,
        step.Images, step.Seconds, step.WaitSeconds, step.Skipped ? 1 : 0,
    ];

    private static StepMetrics FromRow(double[] row) => new(
        (int)row[0], (int)row[1], row[2], row[3], row[4], (int)row[5], row[6], row[7], (int)row[8], row[9], row[10], row[11] != 0);
}
