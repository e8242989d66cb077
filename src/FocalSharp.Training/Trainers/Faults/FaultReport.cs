using System.Globalization;
using System.Text;

namespace FocalSharp.Training.Trainers.Faults;

/// <summary>What an examination of a batch found.</summary>
public sealed record FaultReport
{
    private const int MostNames = 3;

    /// <summary>Losses by component (outer) and level, of the whole batch.</summary>
    public required IReadOnlyDictionary<LossComponent, double[]> Levels { get; init; }

    /// <summary>The levels' strides.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>Where it comes from, worst first.</summary>
    public required IReadOnlyList<FaultFinding> Findings { get; init; }

    /// <summary>Targets that no loss can be computed of, <see cref="FaultExaminer.BadTargets"/>; then nothing else was examined.</summary>
    public IReadOnlyList<string> BadTargets { get; init; } = [];

    /// <summary>Weights or statistics that hold NaN or infinity.</summary>
    public IReadOnlyList<string> BadWeights { get; init; } = [];

    /// <summary>Strides of the levels whose output holds NaN or infinity before any loss.</summary>
    public IReadOnlyList<int> BadOutputs { get; init; } = [];

    /// <summary>Parameters whose gradient holds NaN or infinity.</summary>
    public IReadOnlyList<string> BadGradients { get; init; } = [];

    /// <summary>Global norm of the gradients, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>The sum of all losses of the batch.</summary>
    public double Loss => Levels.Values.Sum(level => level.Sum());

    /// <summary>The cause in words: one sentence a line.</summary>
    /// <param name="names">For each image of the batch the files that it was made of.</param>
    /// <param name="classes">Class names.</param>
    public string Describe(IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        List<string> lines = [];
        if (BadWeights.Count > 0)
        {
            lines.Add($"weights that are not finite: {List(BadWeights)}");
        }

        if (BadOutputs.Count > 0)
        {
            lines.Add($"the network's output is not finite before any loss, at stride {string.Join(", ", BadOutputs)}"
                + (BadWeights.Count == 0 ? ": its activations overflow" : ""));
        }

        lines.AddRange(BadTargets.Take(MostNames).Select(target => Named(target, names)));
        lines.AddRange(Findings.Take(MostNames).Select(finding => Describe(finding, names, classes)));
        if (BadGradients.Count > 0)
        {
            lines.Add($"gradients that are not finite: {List(BadGradients)}");
        }

        return lines.Count > 0 ? string.Join("\n  ", lines) : "nothing is wrong with it when it is computed again";
    }

    private static string Describe(FaultFinding finding, IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        StringBuilder text = new($"{NameOf(finding.Component)} {Number(finding.Value)} at stride {finding.Stride}, image {finding.Image} ({names[finding.Image]})");
        if (finding is { BoxIndex: { } index, Box: { } box, Label: { } label })
        {
            string name = label >= 0 && label < classes.Count ? classes[label] : $"class {label}";
            text.Append($", box {index} '{name}' [{Number(box.X1)}, {Number(box.Y1)}, {Number(box.X2)}, {Number(box.Y2)}]");
        }

        return text.ToString();
    }

    // "image 3, box …" is followed by the file's name.
    private static string Named(string target, IReadOnlyList<string> names)
    {
        int image = int.Parse(target.AsSpan("image ".Length, target.IndexOf(',', StringComparison.Ordinal) - "image ".Length), CultureInfo.InvariantCulture);
        return $"{target} ({names[image]})";
    }

    /// <summary>The component as the logs call it.</summary>
    public static string NameOf(LossComponent component) => component switch
    {
        LossComponent.Quality => "QFL",
        LossComponent.Box => "GIoU",
        _ => "DFL",
    };

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
