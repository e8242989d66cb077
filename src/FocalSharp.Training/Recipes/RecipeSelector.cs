using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;

namespace FocalSharp.Training.Recipes;

/// <summary>Selects the recipe for fine-tuning by the weights, if none is named.</summary>
internal static class RecipeSelector
{
    /// <summary>The recipe for NanoDet weights.</summary>
    public const string NanoDet = "nanodet-g-finetune";

    /// <summary>The recipe for NanoDet-Plus weights.</summary>
    public const string NanoDetPlus = "nanodet-plus-m-finetune";

    /// <summary>The recipe for PicoDet weights of both generations.</summary>
    public const string PicoDet = "picodet-finetune";

    /// <summary>The recipe for every other detector, and without weights.</summary>
    public const string Default = "gfl-lite";

    /// <summary>
    /// Selects a recipe. Weights of a whole detector determine the model and the recipe of its family; for weights of a backbone, the default
    /// recipe determines the model.
    /// </summary>
    /// <param name="path">The weights file.</param>
    /// <exception cref="FocalSharpException">The file is missing or damaged.</exception>
    public static Recipe SelectForWeights(string path)
    {
        if (ReadDetectorOptions(path) is not { } model)
        {
            return RecipeBook.Load(Default);
        }

        Recipe recipe = RecipeBook.Load(model.Backbone switch
        {
            CspNetOptions or EfficientNetLiteOptions or RepVggOptions => NanoDet,
            ShuffleNetV2Options => NanoDetPlus,
            EsNetOptions or LcNetOptions => PicoDet,
            _ => Default,
        });
        BackboneOptions backbone = (model.Backbone, recipe.Model.Backbone) switch
        {
            (CspNetOptions file, CspNetOptions own) => file with { FrozenStages = own.FrozenStages, FrozenBatchNorm = own.FrozenBatchNorm },
            (ShuffleNetV2Options file, ShuffleNetV2Options own) => file with { FrozenStages = own.FrozenStages, FrozenBatchNorm = own.FrozenBatchNorm },
            _ => model.Backbone,
        };
        return recipe with { Model = model with { Classes = [], Backbone = backbone, Loss = recipe.Model.Loss } };
    }

    /// <summary>Returns whether a file contains a whole detector, not only a backbone.</summary>
    /// <exception cref="FocalSharpException">The file is missing or damaged.</exception>
    internal static bool IsDetector(string path) => ReadDetectorOptions(path) is not null;

    private static DetectorOptions? ReadDetectorOptions(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && DetectorCheckpoint.IsFocalSharpModel(path))
        {
            return DetectorCheckpoint.ReadOptions(path);
        }

        Checkpoint source = Checkpoint.Read(path);
        return CheckpointInspector.HasHead(source.Weights)
            ? CheckpointInspector.InferOptions(source.Weights, source.Classes)
            : null;
    }
}
