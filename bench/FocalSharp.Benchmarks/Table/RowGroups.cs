using FocalSharp.Benchmarks.Table.Groups;

namespace FocalSharp.Benchmarks.Table;

/// <summary>All groups, in table order.</summary>
internal static class RowGroups
{
    /// <summary>Gets the groups of the table.</summary>
    public static IReadOnlyList<IRowGroup> Table { get; } =
    [
        new LossRows(),
        new HeadLossRows(),
        new AssignmentRows(),
        new DecodingRows(),
        new SuppressionRows(),
        new EvaluationRows(),
        new DeformableRows(),
        new TrainingRows(),
        new LightTrainingRows(),
        new InferenceRows(),
        new LightModelRows(),
        new StartUpRows(),
    ];

    /// <summary>Gets the groups of <c>--growth</c>.</summary>
    public static IReadOnlyList<IRowGroup> Scaling { get; } = [new KernelScaling(), new SuppressionScaling(), new EvaluationScaling()];
}
