using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Distributed.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Distributed;

public sealed class GradientReducerTests
{
    private const int Layers = 12;

    public GradientReducerTests() => LibTorch.EnsureLoaded();

    [Theory]
    [InlineData(1)]
    [InlineData(3)] // accumulated over three batches
    public void Gradients_are_summed_over_ranks_and_batches_while_backward_runs(int batches)
    {
        float[] expected = Compute(null, [.. Enumerable.Range(0, 2 * batches)], out _);

        (float[] Gradients, double Early)[] actual = InProcessRanks.Run(2, ranks =>
        {
            float[] gradients = Compute(ranks, [.. Enumerable.Range(ranks.Rank * batches, batches)], out double early);
            return (gradients, early);
        });

        Assert.Equal(actual[0].Gradients, actual[1].Gradients); // bit for bit
        Assert.All(expected.Zip(actual[0].Gradients), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.First))));
        Assert.All(actual, rank => Assert.InRange(rank.Early, 0.7, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ranks_that_allow_one_thread_sum_the_same_after_backward(int batches)
    {
        float[][] usual = InProcessRanks.Run(2, ranks => Compute(ranks, [.. Enumerable.Range(ranks.Rank * batches, batches)], out _));

        (float[] Gradients, double Early)[] actual = InProcessRanks.Run(2, ranks =>
        {
            float[] gradients = Compute(new OneThreadRanks(ranks), [.. Enumerable.Range(ranks.Rank * batches, batches)], out double early);
            return (gradients, early);
        });

        Assert.All(actual.Zip(usual), pair => Assert.Equal(pair.Second, pair.First.Gradients)); // bit for bit
        Assert.All(actual, rank => Assert.Equal(0, rank.Early));
    }

    [Theory]
    [InlineData("gfl-lite")]
    [InlineData("nanodet-plus-m-finetune")]
    [InlineData("gfl-r50-1x")]
    [InlineData("picodet-s")]
    public void Buckets_of_a_detector_are_complete_before_the_end_of_backward(string recipe)
    {
        (int early, int all)[] buckets = InProcessRanks.Run(2, ranks =>
        {
            using DisposeScope scope = NewDisposeScope();
            using FinalizerPause pause = FinalizerPause.Begin();
            DetectorOptions options = RecipeBook.Load(recipe).Model with { Classes = ["a", "b"] };
            using GflDetector model = new(options);
            model.train();
            using GradientReducer reducer = new(ranks, model, Precision.Float32);
            reducer.BeginBatch(isFirst: true, isLast: true);
            IReadOnlyList<Tensor> outputs = [.. model.call(randn(1, 3, 64, 64)).Tensors];
            outputs.Select(output => output.to(float32).square().sum()).Aggregate((one, other) => one + other).backward();
            reducer.EndBatch();
            reducer.Finish();
            return (reducer.EarlyBuckets, reducer.BucketCount);
        });

        Assert.All(buckets, rank => Assert.True(rank.early >= rank.all - 2, $"{rank.early} of {rank.all}"));
    }

    [Fact]
    public void A_parameter_gets_a_gradient_if_a_rank_has_one_and_none_if_no_rank_has()
    {
        float?[][] results = InProcessRanks.Run(2, ranks =>
        {
            using DisposeScope scope = NewDisposeScope();
            using Linear first = nn.Linear(1, 1, hasBias: false);
            using Linear second = nn.Linear(1, 1, hasBias: false);
            using Linear third = nn.Linear(1, 1, hasBias: false);
            using Sequential network = nn.Sequential(first, second, third);
            using GradientReducer reducer = new(ranks, network, Precision.Float32);
            reducer.BeginBatch(isFirst: true, isLast: true);
            (ranks.Rank == 0 ? first : second).call(ones(1, 1) * 3).sum().backward();
            reducer.EndBatch();
            reducer.Finish();
            return new[] { first, second, third }.Select(layer => layer.weight!.grad?.item<float>()).ToArray();
        });

        Assert.All(results, rank => Assert.Equal([3, 3, null], rank));
    }

    [Fact]
    public void An_exchange_that_fails_stops_the_training_thread()
    {
        string message = InProcessRanks.Run(2, ranks =>
        {
            using DisposeScope scope = NewDisposeScope();
            using Linear layer = nn.Linear(1, 1);
            using GradientReducer reducer = new(new FailingRanks(ranks), layer, Precision.Float32);
            reducer.BeginBatch(isFirst: true, isLast: true);
            layer.call(ones(1, 1)).sum().backward();
            reducer.EndBatch();
            return Assert.Throws<TrainingException>(reducer.Finish).Message;
        })[1];

        Assert.Equal("The connection is lost.", message);
    }

    [Fact]
    public void An_operator_in_place_on_the_input_of_a_block_has_the_same_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new float[] { -1, 2 }, requires_grad: true);
        int calls = 0;

        Tensor marked = BackwardCallback.Insert(x * 3, () => calls++);
        (marked.mul_(2) + 1).sum().backward();

        Assert.Equal(1, calls);
        Assert.Equal([6f, 6f], NativeCopy.ToArray<float>(x.grad!));
    }

    private static float[] Compute(ICollective? ranks, int[] batches, out double early)
    {
        using DisposeScope scope = NewDisposeScope();
        using FinalizerPause pause = FinalizerPause.Begin();
        using Sequential network = nn.Sequential([.. Enumerable.Range(0, Layers).Select(i => ($"layer{i}", (nn.Module<Tensor, Tensor>)nn.Linear(150, 150)))]);
        using (no_grad())
        {
            foreach ((Parameter parameter, int i) in network.parameters().Select((parameter, i) => (parameter, i)))
            {
                _ = parameter.copy_(arange(parameter.numel(), dtype: ScalarType.Float32).add_(i).sin_().mul_(0.1).view(parameter.shape));
            }
        }

        using GradientReducer? reducer = ranks is null ? null : new GradientReducer(ranks, network, Precision.Float32);
        for (int i = 0; i < batches.Length; i++)
        {
            reducer?.BeginBatch(isFirst: i == 0, isLast: i == batches.Length - 1);
            network.call(arange(300, dtype: ScalarType.Float32).add_(batches[i]).cos_().view(2, 150)).square().sum().backward();
            reducer?.EndBatch();
        }

        reducer?.Finish();
        early = reducer is null ? 0 : (double)reducer.EarlyBuckets / reducer.BucketCount;
        return [.. network.parameters().SelectMany(parameter => NativeCopy.ToArray<float>(parameter.grad!))];
    }

    /// <summary>Ranks whose exchange of gradients fails.</summary>
    private sealed class FailingRanks(ICollective ranks) : ForwardingRanks(ranks)
    {
        public override void AllReduceSum(Span<float> values) => throw new TrainingException("The connection is lost.");

        public override ICollective Duplicate() => new FailingRanks(Ranks);
    }

    /// <summary>Ranks of an MPI without <c>MPI_THREAD_MULTIPLE</c>.</summary>
    private sealed class OneThreadRanks(ICollective ranks) : ForwardingRanks(ranks)
    {
        public override ICollective? Duplicate() => null;
    }

    private abstract class ForwardingRanks(ICollective ranks) : ICollective
    {
        public int Rank => Ranks.Rank;

        public int Size => Ranks.Size;

        protected ICollective Ranks { get; } = ranks;

        public virtual void AllReduceSum(Span<float> values) => Ranks.AllReduceSum(values);

        public void AllReduceSum(Span<double> values) => Ranks.AllReduceSum(values);

        public void AllReduceMax(Span<double> values) => Ranks.AllReduceMax(values);

        public void Broadcast(Span<byte> values, int root) => Ranks.Broadcast(values, root);

        public void AllGather(ReadOnlySpan<byte> own, Span<byte> all) => Ranks.AllGather(own, all);

        public void AllToAll(ReadOnlySpan<byte> sent, Span<byte> received) => Ranks.AllToAll(sent, received);

        public void Barrier() => Ranks.Barrier();

        public abstract ICollective? Duplicate();

        public void Abort() => Ranks.Abort();

        public void Dispose()
        {
        }
    }
}
