using FocalSharp.Assignment;
using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class AssignGuidanceTests : IDisposable
{
    private static readonly GroundTruth[] Objects =
        [new([8, 8, 40, 44, 30, 20, 60, 60], [0, 1], 64, 64), new([2, 10, 30, 62], [2], 64, 64)];

    private readonly DisposeScope _scope;

    public AssignGuidanceTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        manual_seed(1);
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_second_neck_starts_as_a_copy_and_the_head_reads_both()
    {
        using GflDetector detector = Create();

        Dictionary<string, Tensor> state = detector.state_dict();
        Assert.All(state.Where(entry => entry.Key.StartsWith("neck.", StringComparison.Ordinal)), entry =>
            Assert.True(entry.Value.eq(state["guidance." + entry.Key]).all().item<bool>(), entry.Key));
        Assert.Equal([192, 192, 3, 3], state["guidance.head.cls_convs.0.conv.weight"].shape);
        Assert.Equal(32, detector.modules().OfType<GroupNorm>().First().num_groups);
        Assert.Equal(-4.595, state["guidance.head.gfl_cls.bias"][0].item<float>(), 0.001);
    }

    [Fact]
    public void The_loss_is_the_sum_of_both_heads_with_the_assignment_of_the_guidance_module()
    {
        using GflDetector detector = Create();
        using HeadOutput output = detector.call(randn(2, 3, 64, 64));
        HeadOutput guidance = output.Guidance!;
        GflCriterion criterion = new(detector.Options.Head, detector.Options.Loss, 3);

        using LossTerms both = criterion.Compute(output, Objects);

        // The same positives and quality targets for each head alone: an assigner that returns what the guidance module's predictions give.
        GflCriterion alone = new(
            detector.Options.Head, detector.Options.Loss, 3, new Recorded(guidance, detector.Options), ClassificationLosses.Create(detector.Options.Loss.Classification),
            BoxLosses.Create(detector.Options.Loss.Box));
        using LossTerms own = alone.Compute(new HeadOutput(output.Scores, output.BoxDistributionLogits), Objects);
        using LossTerms guide = alone.Compute(new HeadOutput(guidance.Scores, guidance.BoxDistributionLogits), Objects);

        Assert.Equal(own.Positives, both.Positives);
        Assert.True(both.Positives > 0);
        Assert.Equal(own.Box.item<float>() + guide.Box.item<float>(), both.Box.item<float>(), 1e-5);
        Assert.Equal(own.Distribution.item<float>() + guide.Distribution.item<float>(), both.Distribution.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fused_and_composed_losses_and_gradients_agree(bool detached)
    {
        using GflDetector detector = Create();
        detector.Guidance!.IsDetached = detached;
        Tensor images = randn(2, 3, 64, 64);
        (float Loss, Dictionary<string, Tensor> Gradients)[] results = [.. new[] { true, false }.Select(fused =>
        {
            detector.zero_grad();
            using HeadOutput output = detector.call(images);
            using LossTerms losses = new GflCriterion(detector.Options.Head, detector.Options.Loss, 3) { UseFusedKernels = fused }.Compute(output, Objects);
            Tensor total = losses.Total();
            total.backward();
            return (total.item<float>(), detector.named_parameters().Where(entry => entry.parameter.grad is not null)
                .ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone()));
        })];

        Assert.Equal(results[0].Loss, results[1].Loss, 1e-4);
        Assert.Equal(results[0].Gradients.Count, results[1].Gradients.Count);
        Assert.All(results[0].Gradients, entry =>
        {
            Tensor other = results[1].Gradients[entry.Key];
            Assert.InRange((entry.Value - other).abs().max().item<float>(), 0, 1e-3 * Math.Max(0.1, other.abs().max().item<float>()));
        });
    }

    [Fact]
    public void Detached_it_learns_without_training_the_rest()
    {
        using GflDetector detector = Create();
        Tensor images = randn(1, 3, 64, 64);
        detector.Guidance!.IsDetached = true;
        using HeadOutput output = detector.call(images);
        Tensor loss = output.Guidance!.Scores.Concat(output.Guidance.BoxDistributionLogits).Aggregate(zeros(1), (sum, map) => sum + map.square().sum());
        loss.backward();

        Assert.All(detector.named_parameters(), entry =>
        {
            bool own = entry.name.StartsWith("guidance.", StringComparison.Ordinal);
            Assert.True(own || entry.parameter.grad is null, entry.name);
        });
        Assert.Contains(detector.named_parameters(), entry => entry.name.StartsWith("guidance.neck.", StringComparison.Ordinal) && entry.parameter.grad is not null);
    }

    [Fact]
    public void Evaluation_and_saved_weights_are_without_it()
    {
        using GflDetector detector = Create();
        string file = Path.GetTempFileName() + ".safetensors";
        try
        {
            DetectorCheckpoint.Save(file, detector);
            Assert.DoesNotContain(SafetensorsFile.Read(file).Names, name => name.StartsWith("guidance", StringComparison.Ordinal));
            using GflDetector loaded = DetectorCheckpoint.Load(file);
            Assert.Null(loaded.Guidance);
            Assert.False(loaded.Options.Loss.AssignGuidance);
            detector.eval();
            loaded.eval();
            using IDisposable guard = no_grad();
            Tensor images = randn(1, 3, 64, 64);
            using HeadOutput expected = detector.call(images);
            using HeadOutput actual = loaded.call(images);
            Assert.Null(expected.Guidance);
            Assert.Equal(0, (expected.Scores[0] - actual.Scores[0]).abs().max().item<float>());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void It_needs_an_assigner_that_uses_predictions()
    {
        OptionException error = Assert.Throws<OptionException>(() => new GflLossOptions { AssignGuidance = true }.Validate());

        Assert.Contains("dynamicSoftLabel", error.Message, StringComparison.Ordinal);
    }

    private static GflDetector Create() => new(NanoDetPlus.Create(0.5, 96, ["a", "b", "c"]) with
    {
        Loss = new GflLossOptions { AssignGuidance = true, Assigner = new DynamicSoftLabelOptions() },
    });

    /// <summary>Assigns each image by the predictions of a given output, regardless of those of the head in question.</summary>
    private sealed class Recorded(HeadOutput source, DetectorOptions options) : IAssigner
    {
        private readonly DynamicSoftLabelAssigner _assigner = new();
        private int _image;

        public bool NeedsPredictions => true;

        public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
        {
            int image = _image++ % Objects.Length;
            float[] logits = [.. Enumerable.Range(0, 3).SelectMany(label => source.Scores.SelectMany(map => map[image][label].flatten().data<float>().ToArray()))];
            List<float> boxes = [];
            int bins = options.Head.RegMax + 1;
            for (int level = 0; level < options.Head.Strides.Count; level++)
            {
                Tensor map = source.BoxDistributionLogits[level][image];
                (long height, long width) = (map.size(1), map.size(2));
                Tensor distances = map.view(4, bins, height, width).softmax(1).mul(arange(bins, float32).view(1, -1, 1, 1)).sum(1);
                float[] values = distances.contiguous().data<float>().ToArray();
                int plane = (int)(height * width);
                for (int i = 0; i < plane; i++)
                {
                    (float x, float y, float stride) = (i % (int)width, i / (int)width, options.Head.Strides[level]);
                    boxes.AddRange([
                        (x - values[i]) * stride, (y - values[plane + i]) * stride, (x + values[(2 * plane) + i]) * stride, (y + values[(3 * plane) + i]) * stride]);
                }
            }

            return _assigner.Assign(grid, groundTruth, new AnchorPredictions(logits, boxes.ToArray()));
        }
    }
}
