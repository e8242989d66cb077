using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Measures the statistics of batch norms that were folded into pretrained weights (<see cref="FoldedStatistics"/>), on training images, and
/// changes scale and shift so that the network computes what it did: mean m and variance v become the running statistics, the scale √(v + ε)
/// times the old one and the shift the value at m. In training mode the norms then normalize to what the following layers were trained with;
/// without this, they would normalize each channel to variance 1.
/// </summary>
internal static class FoldedNormCalibration
{
    /// <summary>Images that statistics are measured on: with thousands of locations each, more change little.</summary>
    public const int MaxImages = 64;

    private const int BatchSize = 8;

    /// <summary>Reads pretrained weights, with measured statistics where they have none.</summary>
    /// <param name="path">The weights file.</param>
    /// <param name="training">The training images.</param>
    /// <param name="decode">How images are decoded.</param>
    /// <param name="report">Receives a line if statistics are measured.</param>
    /// <exception cref="FocalSharpException">The weights or an image cannot be read.</exception>
    public static Checkpoint Read(string path, DetectionDataset training, ImageDecodeOptions decode, Action<string> report)
    {
        Checkpoint source = Checkpoint.Read(path);
        if (!HasFoldedNorms(source.Weights) || training.Images.Count == 0)
        {
            return source;
        }

        using TorchDetector detector = TorchDetector.Load(path, new DetectorLoadOptions { Precision = Precision.Float32 });
        DatasetImage[] images = Choose(training.Images);
        report($"Pretrained weights have no batch norm statistics: measuring them on {images.Length} training images");
        Calibrate(detector.Network, images, detector.Model.Resize, decode);
        return source with { Weights = TensorConversion.ToState(detector.Network) };
    }

    /// <summary>Measures the statistics of a detector's norms, and changes their scale and shift so that its outputs do not change.</summary>
    internal static void Calibrate(GflDetector detector, IReadOnlyList<DatasetImage> images, ResizeRule resize, ImageDecodeOptions decode)
    {
        detector.eval();
        IEnumerable<PreparedImage> prepared = images.Select(image => PreparedImage.Create(ImageSource.FromFile(image.Path), resize, decode));
        List<NormMoments> norms = [.. detector.modules().OfType<BatchNorm2d>().Where(FoldedStatistics.IsFolded).Select(norm => new NormMoments(norm))];
        try
        {
            using IDisposable guard = no_grad();
            Device device = detector.parameters().First().device;
            foreach (TorchBatch batch in TorchBatch.CreateAll(prepared, BatchSize, disposeImages: true))
            {
                using Tensor input = detector.Preprocess(batch.Pixels, batch.InputSize.Height, batch.InputSize.Width, batch.Transforms, device);
                using HeadOutput output = detector.call(input);
            }

            norms.ForEach(norm => norm.Apply());
        }
        finally
        {
            norms.ForEach(norm => norm.Dispose());
        }
    }

    private static bool HasFoldedNorms(StateDict weights)
    {
        // Every variance is slightly below 1 and every mean 0; one norm is enough to know the file.
        string? name = weights.Names.FirstOrDefault(name => name.EndsWith(".running_var", StringComparison.Ordinal));
        if (name is null || !weights.TryGet(name, out StateTensor? variance) || !weights.TryGet(name.Replace("running_var", "running_mean", StringComparison.Ordinal), out StateTensor? mean))
        {
            return false;
        }

        return mean.ToDoubles().All(value => value == 0) && variance.ToDoubles().All(value => value == FoldedStatistics.DefaultVariance);
    }

    /// <summary>Chooses images spread over the data set.</summary>
    private static DatasetImage[] Choose(IReadOnlyList<DatasetImage> images) =>
        [.. Enumerable.Range(0, Math.Min(images.Count, MaxImages)).Select(i => images[(int)((long)i * images.Count / Math.Min(images.Count, MaxImages))])];

    /// <summary>Collects mean and variance of a norm's input per channel.</summary>
    private sealed class NormMoments : IDisposable
    {
        private readonly BatchNorm2d _norm;
        private readonly Action _removeHook;
        private Tensor? _sum;
        private Tensor? _squares;
        private long _count;

        public NormMoments(BatchNorm2d norm)
        {
            _norm = norm;
            _removeHook = norm.register_forward_pre_hook((_, input) =>
            {
                Add(input);
                return input;
            }).remove;
        }

        public void Dispose()
        {
            _removeHook();
            _sum?.Dispose();
            _squares?.Dispose();
        }

        /// <summary>Sets the running statistics to the measured ones without changing what the norm computes.</summary>
        public void Apply()
        {
            if (_count < 2)
            {
                return;
            }

            using IDisposable guard = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor mean = _sum! / _count;
            Tensor variance = ((_squares! / _count) - mean.square()).clamp_min(0) * ((double)_count / (_count - 1));
            Tensor factor = _norm.weight!.to(float64) / (_norm.running_var!.to(float64) + _norm.eps).sqrt();
            Tensor shift = _norm.bias!.to(float64) + ((mean - _norm.running_mean!.to(float64)) * factor);
            _norm.weight!.copy_(factor * (variance + _norm.eps).sqrt());
            _norm.bias!.copy_(shift);
            _norm.running_mean!.copy_(mean);
            _norm.running_var!.copy_(variance);
        }

        private void Add(Tensor input)
        {
            using IDisposable guard = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor x = input.to(float64);
            Tensor sum = x.sum([0, 2, 3]);
            Tensor squares = x.square().sum([0, 2, 3]);
            Tensor newSum = _sum is null ? sum : _sum + sum;
            Tensor newSquares = _squares is null ? squares : _squares + squares;
            _sum?.Dispose();
            _squares?.Dispose();
            (_sum, _squares) = (newSum.DetachFromDisposeScope(), newSquares.DetachFromDisposeScope());
            _count += input.size(0) * input.size(2) * input.size(3);
        }
    }
}
