using FocalSharp.Losses;
using FocalSharp.Torch.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Losses;

public sealed class LossModuleTests
{
    [Fact]
    public void Both_label_conventions_say_the_same()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = tensor([0.3f, -1, 2, 0.1f, 0.2f, -3], [3, 2]);
        Tensor quality = tensor([0.7f, 0, 0.4f]);

        Tensor last = new QualityFocalLoss(reduction: LossReduction.None).forward(logits, tensor([1L, 2, 0]), quality);
        Tensor first = new QualityFocalLoss(reduction: LossReduction.None, backgroundFirst: true)
            .forward(logits, tensor([2L, 0, 1]), quality);

        Assert.Equal(last.data<float>().ToArray(), first.data<float>().ToArray());
    }

    [Theory]
    [InlineData(BoxLossKind.Giou)]
    [InlineData(BoxLossKind.Diou)]
    [InlineData(BoxLossKind.Ciou)]
    public void The_IoU_loss_accepts_only_functions_of_the_IoU(BoxLossKind kind) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IouLoss(kind));

    [Fact]
    public void Boxes_that_coincide_have_a_CIoU_loss_of_zero_and_a_finite_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor boxes = tensor([10f, 20, 110, 220, 1e-3f, 1e-3f, 2e-3f, 2e-3f], [2, 4]).requires_grad_();

        Tensor loss = new CiouLoss(LossReduction.None).forward(boxes, boxes.detach().clone());
        loss.sum().backward();

        Assert.Equal(0, loss[0].item<float>(), 1e-6f);
        Assert.True(boxes.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_distance_of_the_last_bin_is_a_target_too()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = tensor([0f, 0, 100], [1, 3]);

        Assert.Equal(0, new DistributionFocalLoss().forward(logits, tensor([2f])).item<float>());
    }

    [Fact]
    public void A_sum_with_an_averaging_factor_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor boxes = tensor([0f, 0, 1, 1], [1, 4]);

        Assert.Throws<ArgumentException>(() => new GiouLoss(LossReduction.Sum).forward(boxes, boxes, null, averageFactor: 3));
    }

    [Fact]
    public void A_loss_leaves_only_its_result_in_the_callers_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = randn([4, 3]);
        Tensor boxes = tensor([0f, 0, 4, 4], [1, 4]);
        Tensor label = tensor([0L, 1, 2, 3]);
        Tensor quality = rand([4]);
        int before = scope.DisposablesCount;

        Tensor first = new QualityFocalLoss().forward(logits, label, quality);
        Tensor second = new CiouLoss().forward(boxes, boxes);
        Tensor third = new FocalLoss().forward(logits, label);

        // Modules themselves are not in scopes.
        Assert.Equal(before + 3, scope.DisposablesCount);
        Assert.All([first, second, third], loss => Assert.Equal(0, loss.dim()));
    }

    // Outside a scope, the caller disposes its own tensors; those that losses and backward passes create must not wait for the finalizer.
    [Fact]
    public void Losses_leave_no_tensor_outside_a_scope()
    {
        using Tensor logits = randn([6, 3], requires_grad: true);
        using Tensor bins = randn([6, 17], requires_grad: true);
        using Tensor boxes = tensor([0f, 0, 4, 4, 1, 1, 5, 5], [2, 4]).requires_grad_();
        using Tensor target = tensor([0f, 0, 4, 3, 1, 2, 5, 5], [2, 4]);
        using Tensor label = tensor([0L, 1, 2, 3, 0, 1]);
        using Tensor quality = rand([6]);
        using Tensor distance = rand([6]);
        using QualityFocalLoss qualityLoss = new();
        using DistributionFocalLoss distributionLoss = new();
        using GiouLoss boxLoss = new();
        Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount; // other tests run beside this one
        for (int i = 0; i < 20; i++)
        {
            Step();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step()
        {
            foreach (Func<Tensor> compute in new[] { () => qualityLoss.forward(logits, label, quality), () => distributionLoss.forward(bins, distance), () => boxLoss.forward(boxes, target) })
            {
                using Tensor loss = compute();
                loss.backward();
            }
        }
    }
}
