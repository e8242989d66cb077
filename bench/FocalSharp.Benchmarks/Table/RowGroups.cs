using FocalSharp.Benchmarks.Table.Groups;

namespace FocalSharp.Benchmarks.Table;

/// <summary>All groups, in the order of the table.</summary>
internal static class RowGroups
{
    /// <summary>The table's groups.</summary>
    public static IReadOnlyList<IRowGroup> Table { get; } =
    [
        new LossRows(),
        new HeadLossRows(),
        new AssignmentRows(),
        new DecodingRows(),
        new SuppressionRows(),
        new EvaluationRows(),
        new TrainingRows(),
        new InferenceRows(),
        new NanoDetRows(),
        new StartUpRows(),
    ];

    /// <summary>The groups of <c>--growth</c>.</summary>
    public static IReadOnlyList<IRowGroup> Scaling { get; } = [new KernelScaling(), new SuppressionScaling(), new EvaluationScaling()];
}
