using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>A detector created from a weights file. It owns the detector: dispose it.</summary>
/// <param name="detector">The detector with the file's weights, in training mode.</param>
/// <param name="report">What happened to every tensor.</param>
/// <param name="source">The file's contents: class names, training information, ignored entries.</param>
public sealed class ImportedDetector(GflDetector detector, ImportReport report, Checkpoint source) : IDisposable
{
    /// <summary>Gets the detector with the file's weights, in training mode.</summary>
    public GflDetector Detector { get; } = detector;

    /// <summary>Gets what happened to every tensor.</summary>
    public ImportReport Report { get; } = report;

    /// <summary>Gets the file's contents: class names, training information, ignored entries.</summary>
    public Checkpoint Source { get; } = source;

    /// <summary>Disposes the detector.</summary>
    public void Dispose() => Detector.Dispose();
}
