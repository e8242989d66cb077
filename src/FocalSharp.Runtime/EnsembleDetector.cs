using FocalSharp.Detections;
using FocalSharp.Detections.Postprocessing;

namespace FocalSharp.Runtime;

/// <summary>
/// Several models of the same classes as one detector: their detections are fused, and <see cref="Detection.Disagreement"/> states how much they differ. The
/// calibration of a single model does not apply to their fusion.
/// </summary>
internal sealed class EnsembleDetector : IDetector
{
    private readonly IReadOnlyList<IDetector> _members;
    private readonly int[][] _labels;
    private readonly DetectOptions _defaults;

    /// <summary>Initializes an ensemble, which disposes its members.</summary>
    /// <param name="members">The models, two or more. The first one's resize rule and thresholds are those of the ensemble.</param>
    /// <param name="defaults">The options of calls that pass none.</param>
    /// <exception cref="ModelException">The models have different classes.</exception>
    public EnsembleDetector(IReadOnlyList<IDetector> members, DetectOptions defaults)
    {
        (_members, _defaults) = (members, defaults);
        string[] classes = [.. members[0].Classes];
        _labels = [.. members.Select(member => member.Classes.Select(name => Array.FindIndex(classes, other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase))).ToArray())];
        for (int i = 1; i < members.Count; i++)
        {
            if (members[i].Classes.Count != classes.Length || _labels[i].Distinct().Count() != classes.Length || _labels[i].Contains(-1))
            {
                throw new ModelException(
                    $"{members[i].Model.Name}: its {members[i].Classes.Count} classes are not the {classes.Length} of {members[0].Model.Name}, so their detections cannot be fused.");
            }
        }

        Model = members[0].Model with
        {
            Name = string.Join(" + ", members.Select(member => member.Model.Name)),
            Variant = ModelVariant.Detections,
            Calibration = null,
            Postprocess = members[0].Model.Postprocess with { ScoreThreshold = members.Min(GetOwnThreshold) },
        };
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <inheritdoc/>
    public Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        DetectOptions given = Fill(options);
        return Fuse([.. _members.Select(member => member.Detect(image, given, cancellationToken))], given);
    }

    /// <inheritdoc/>
    public Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        Detections[] results = new Detections[images.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Detect(images[i], options, cancellationToken);
            progress?.Report(i + 1);
        }

        return results;
    }

    /// <inheritdoc/>
    public Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (_members.Any(member => member.Model.Resize != Model.Resize))
        {
            throw new OptionException($"{Model.Name}: the models have different input sizes, so images cannot be prepared for all of them.");
        }

        DetectOptions given = Fill(options);
        Detections[][] found = [.. _members.Select(member => member.Detect(images, given, cancellationToken))];
        return [.. Enumerable.Range(0, images.Count).Select(i => Fuse([.. found.Select(ofMember => ofMember[i])], given))];
    }

    /// <inheritdoc/>
    public PreparedImage Prepare(ImageSource image) => _members[0].Prepare(image);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDetector member in _members)
        {
            member.Dispose();
        }
    }

    private DetectOptions Fill(DetectOptions? options)
    {
        options?.Validate();
        DetectOptions filled = options?.WithDefaults(_defaults) ?? _defaults;
        return filled with { UseCalibration = false, Quantiles = [], ScoreThreshold = filled.ScoreThreshold ?? DetectOptions.DefaultScoreThreshold };
    }

    private Detections Fuse(Detections[] found, DetectOptions options)
    {
        Detection[][] views = [.. found.Select((detections, i) => detections.Select(detection => detection with { Label = _labels[i][detection.Label] }).ToArray())];
        PostprocessOptions limits = options.ApplyTo(Model.Postprocess, options.ScoreThreshold!.Value);
        return new Detections(ViewFusion.Fuse(views, limits), Classes, found[0].Width, found[0].Height);
    }

    private static double GetOwnThreshold(IDetector member) =>
        member.Model.Calibration?.InvertScore(member.Model.Postprocess.ScoreThreshold) ?? member.Model.Postprocess.ScoreThreshold;
}
