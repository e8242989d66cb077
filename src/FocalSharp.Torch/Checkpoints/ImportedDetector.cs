using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>A detector made from a file alone. Dispose when done.</summary>
/// <param name="Detector">The detector with the file's weights, in training mode as all fresh modules.</param>
/// <param name="Report">What became of every tensor.</param>
/// <param name="Source">The file's content: class names, facts of its training, what was passed over.</param>
public sealed record ImportedDetector(GflDetector Detector, ImportReport Report, Checkpoint Source) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Detector.Dispose();
}
