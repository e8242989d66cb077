using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Training.Loop;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// Gives all ranks the weights and running statistics of rank 0. Ranks update equal weights by equal gradients, but different processors round
/// differently.
/// </summary>
internal static class ModelBroadcast
{
    /// <summary>Replaces the tensors of what is trained, and of its moving average, by those of rank 0.</summary>
    public static void Apply(Trainer trainer)
    {
        Apply(trainer.Ranks, trainer.Model);
        if (trainer.EvaluationModel != trainer.Model)
        {
            Apply(trainer.Ranks, trainer.EvaluationModel);
        }
    }

    private static void Apply(ICollective ranks, nn.Module model)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        using IDisposable guard = no_grad();
        foreach ((string _, Tensor target) in model.state_dict())
        {
            StateTensor own = TensorConversion.ToState(target);
            byte[] bytes = ranks.BroadcastBytes(own.Data.ToArray());
            if (ranks.Rank > 0)
            {
                TensorConversion.CopyTo(new StateTensor(own.Type, own.Shape, bytes), target);
            }
        }
    }
}
