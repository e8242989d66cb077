using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Training.Runs;

/// <summary>What one file of <see cref="StateStore"/> holds: the trainer's state and the recorder's.</summary>
/// <param name="Trainer">The trainer's.</param>
/// <param name="Records">The recorder's.</param>
internal sealed record RunState(TrainerState Trainer, RecordState Records)
{
    private const int Format = 1;
    private const string FormatKey = "focalsharp.state";
    private const string ProgressKey = "progress";
    private const string RecordsKey = "records";
    private const string StepsName = "records.steps";
    private const int Columns = 12;

    /// <summary>The state as named tensors with text beside them.</summary>
    public StateDict ToStateDict()
    {
        double[] steps = [.. Records.Steps.SelectMany(Row)];
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(steps.AsSpan()).ToArray();
        return new StateDict(
            [.. Trainer.Tensors, new(StepsName, new StateTensor(ElementType.F64, [Records.Steps.Count, Columns], bytes))],
            new Dictionary<string, string>
            {
                [FormatKey] = $"{Format}",
                [ProgressKey] = JsonSerializer.Serialize(Trainer.Progress),
                [RecordsKey] = JsonSerializer.Serialize(Records with { Steps = [] }),
            });
    }

    /// <summary>The state of a file's tensors and text.</summary>
    /// <exception cref="UserErrorException">It is another version's.</exception>
    public static RunState From(StateDict stored)
    {
        if (stored.Metadata.GetValueOrDefault(FormatKey) != $"{Format}")
        {
            throw new UserErrorException("it is another version's");
        }

        try
        {
            StepRecord[] steps = [.. stored[StepsName].ToDoubles().Chunk(Columns).Select(Step)];
            return new RunState(
                new TrainerState([.. stored.Where(entry => entry.Key != StepsName)], Parse<TrainerProgress>(stored.Metadata[ProgressKey])),
                Parse<RecordState>(stored.Metadata[RecordsKey]) with { Steps = steps });
        }
        catch (Exception exception) when (
            exception is KeyNotFoundException or JsonException or IndexOutOfRangeException or InvalidOperationException or NotSupportedException)
        {
            throw new UserErrorException($"it cannot be understood ({exception.Message})", exception);
        }
    }

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new JsonException("a part of it is null");

    private static double[] Row(StepRecord step) =>
    [
        step.Epoch, step.Step, step.QualityLoss, step.BoxLoss, step.DistributionLoss, step.Positives, step.LearningRate, step.GradientNorm,
        step.Images, step.Seconds, step.WaitSeconds, step.Skipped ? 1 : 0,
    ];

    private static StepRecord Step(double[] row) => new(
        (int)row[0], (int)row[1], row[2], row[3], row[4], (int)row[5], row[6], row[7], (int)row[8], row[9], row[10], row[11] != 0);
}
