using System.Globalization;
using System.Text;

namespace FocalSharp.Training.Loop.Faults;

/// <summary>What an examination of a batch found.</summary>
public sealed record BadStepReport
{
    private const int MaxNames = 3;

    /// <summary>Losses by component (outer) and level, of the whole batch.</summary>
    public required IReadOnlyDictionary<LossComponent, double[]> LossesByLevel { get; init; }

    /// <summary>The levels' strides.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>Where it comes from, worst first.</summary>
    public required IReadOnlyList<BadStepFinding> Findings { get; init; }

    /// <summary>Targets that no loss can be computed of, <see cref="BadStepDiagnosis.FindInvalidTargets"/>; then nothing else was examined.</summary>
    public IReadOnlyList<string> InvalidTargets { get; init; } = [];

    /// <summary>Weights or statistics that hold NaN or infinity.</summary>
    public IReadOnlyList<string> NonFiniteWeights { get; init; } = [];

    /// <summary>Strides of the levels whose output holds NaN or infinity before any loss.</summary>
    public IReadOnlyList<int> NonFiniteOutputStrides { get; init; } = [];

    /// <summary>Parameters whose gradient holds NaN or infinity.</summary>
    public IReadOnlyList<string> NonFiniteGradients { get; init; } = [];

    /// <summary>Global norm of the gradients, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The sum of all losses of the batch.</summary>
    public double Loss => LossesByLevel.Values.Sum(level => level.Sum());

    /// <summary>The cause in words: one sentence a line.</summary>
    /// <param name="names">For each image of the batch the files that it was made of.</param>
    /// <param name="classes">Class names.</param>
    public string Describe(IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        List<string> lines = [];
        if (NonFiniteWeights.Count > 0)
        {
            lines.Add($"weights that are not finite: {FormatNames(NonFiniteWeights)}");
        }

        if (NonFiniteOutputStrides.Count > 0)
        {
            lines.Add($"the network's output is not finite before any loss, at stride {string.Join(", ", NonFiniteOutputStrides)}"
                + (NonFiniteWeights.Count == 0 ? ": its activations overflow" : ""));
        }

        lines.AddRange(InvalidTargets.Take(MaxNames).Select(target => AppendImageName(target, names)));
        lines.AddRange(Findings.Take(MaxNames).Select(finding => Describe(finding, names, classes)));
        if (NonFiniteGradients.Count > 0)
        {
            lines.Add($"gradients that are not finite: {FormatNames(NonFiniteGradients)}");
        }

        return lines.Count > 0 ? string.Join("\n  ", lines) : "nothing is wrong with it when it is computed again";
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

    /// <summary>The component as the logs call it.</summary>
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
