using System.Globalization;
using System.Text;
using FocalSharp.Boxes;

namespace FocalSharp.Training.Loop;

/// <summary>The diagnosis of a bad step.</summary>
internal sealed record BadStepReport
{
    private const int MaxNames = 3;

    /// <summary>Gets the losses of the whole batch by component and level.</summary>
    public required IReadOnlyDictionary<LossComponent, double[]> LossesByLevel { get; init; }

    /// <summary>Gets the strides of the levels.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>Gets where the problem comes from, worst first.</summary>
    public required IReadOnlyList<BadStepFinding> Findings { get; init; }

    /// <summary>Gets the invalid targets (<see cref="BadStepDiagnosis.FindInvalidTargets"/>); if there are any, nothing else is diagnosed.</summary>
    public IReadOnlyList<string> InvalidTargets { get; init; } = [];

    /// <summary>Gets the weights and statistics that contain NaN or infinity.</summary>
    public IReadOnlyList<string> NonFiniteWeights { get; init; } = [];

    /// <summary>Gets the strides of the levels whose output contains NaN or infinity.</summary>
    public IReadOnlyList<int> NonFiniteOutputStrides { get; init; } = [];

    /// <summary>Gets the parameters whose gradient contains NaN or infinity.</summary>
    public IReadOnlyList<string> NonFiniteGradients { get; init; } = [];

    /// <summary>Gets the global norm of the gradients before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Gets the sum of all losses of the batch.</summary>
    public double Loss => LossesByLevel.Values.Sum(level => level.Sum());

    /// <summary>Describes the cause, one sentence per line.</summary>
    /// <param name="names">For each image of the batch, the files that it was composed of.</param>
    /// <param name="classes">Class names.</param>
    public string Describe(IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        List<string> lines = [];
        if (NonFiniteWeights.Count > 0)
        {
            lines.Add($"weights are not finite: {FormatNames(NonFiniteWeights)}");
        }

        if (NonFiniteOutputStrides.Count > 0)
        {
            lines.Add($"the network's output is not finite, at stride {string.Join(", ", NonFiniteOutputStrides)}"
                + (NonFiniteWeights.Count == 0 ? ": its activations overflow" : ""));
        }

        lines.AddRange(InvalidTargets.Take(MaxNames).Select(target => AppendImageName(target, names)));
        lines.AddRange(Findings.Take(MaxNames).Select(finding => Describe(finding, names, classes)));
        if (NonFiniteGradients.Count > 0)
        {
            lines.Add($"gradients are not finite: {FormatNames(NonFiniteGradients)}");
        }

        return lines.Count > 0 ? string.Join("\n  ", lines) : "computing it again shows no problem";
    }

    private static string Describe(BadStepFinding finding, IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        StringBuilder text = new($"{GetName(finding.Component)} {FormatNumber(finding.Value)} at stride {finding.Stride}, image {finding.Image} ({names[finding.Image]})");
        if (finding is { BoxIndex: { } index, Box: { } box, Label: { } label })
        {
            string name = label >= 0 && label < classes.Count ? classes[label] : $"class {label}";
            text.Append($", box {index} '{name}' [{FormatNumber(box.X1)}, {FormatNumber(box.Y1)}, {FormatNumber(box.X2)}, {FormatNumber(box.Y2)}]");
        }

        return text.ToString();
    }

    // "image 3, box …" is followed by the file's name.
    private static string AppendImageName(string target, IReadOnlyList<string> names)
    {
        int image = int.Parse(target.AsSpan("image ".Length, target.IndexOf(',', StringComparison.Ordinal) - "image ".Length), CultureInfo.InvariantCulture);
        return $"{target} ({names[image]})";
    }

    /// <summary>Returns the component's short name.</summary>
    public static string GetName(LossComponent component) => component switch
    {
        LossComponent.Quality => "QFL",
        LossComponent.Box => "GIoU",
        _ => "DFL",
    };

    private static string FormatNames(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");

    private static string FormatNumber(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

/// <summary>A place that the problem of a bad step was traced to.</summary>
/// <param name="Image">Position of the image in its batch.</param>
/// <param name="Component">The part of the loss.</param>
/// <param name="Stride">The level, by its stride.</param>
/// <param name="Value">The value of that part for this image (and box) alone.</param>
/// <param name="BoxIndex">The object's position among the image's targets, or null if no single object is the cause.</param>
/// <param name="Box">The object's box in pixels of the batch.</param>
/// <param name="Label">The object's class.</param>
internal sealed record BadStepFinding(
    int Image, LossComponent Component, int Stride, double Value, int? BoxIndex = null, Box? Box = null, int? Label = null);

/// <summary>The parts of the loss.</summary>
internal enum LossComponent
{
    /// <summary>Quality Focal Loss.</summary>
    Quality,

    /// <summary>GIoU loss.</summary>
    Box,

    /// <summary>Distribution Focal Loss.</summary>
    Distribution,
}
