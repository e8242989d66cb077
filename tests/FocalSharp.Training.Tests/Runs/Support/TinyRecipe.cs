using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Runs.Support;

/// <summary>A recipe whose run takes a second: 64 px, 16 channels, 3 steps an epoch on the drawn scenes.</summary>
internal static class TinyRecipe
{
    public static Recipe Create()
    {
        Recipe lite = RecipeBook.Load("gfl-lite");
        return lite with
        {
            Epochs = 2,
            BatchSize = 4,
            CloseMosaicFraction = 0.5,
            Input = lite.Input.WithSize(64),
            Optimizer = lite.Optimizer with { LearningRate = 0.001 },
            Model = lite.Model with
            {
                Backbone = (ResNetOptions)lite.Model.Backbone with { BaseChannels = 16 },
                Neck = lite.Model.Neck with { Channels = 32 },
                Head = (GflHeadOptions)lite.Model.Head with { Channels = 32, StackedConvs = 1, NormGroups = 8 },
            },
        };
    }
}
