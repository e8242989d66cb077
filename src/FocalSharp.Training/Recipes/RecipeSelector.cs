using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;

namespace FocalSharp.Training.Recipes;

/// <summary>The recipe to go on training from weights with when none is named: the weights say what net they fit.</summary>
public static class RecipeSelector
{
    /// <summary>For the light family.</summary>
    public const string NanoDet = "nanodet-g-finetune";

    /// <summary>For every other detector, and without weights.</summary>
    public const string Default = "gfl-lite";

    /// <summary>
    /// A whole detector's weights bring their own net, in the recipe of its family; a backbone's leave the net to the default recipe.
    /// </summary>
    /// <param name="path">A weights file of any kind that training starts from.</param>
    /// <exception cref="FocalSharpException">The file is absent or damaged.</exception>
    public static Recipe SelectForWeights(string path)
    {
        if (ReadDetectorOptions(path) is not { } model)
        {
            return RecipeBook.Load(Default);
        }

        CspNetOptions? light = model.Backbone as CspNetOptions;
        Recipe recipe = RecipeBook.Load(light is null ? Default : NanoDet);
        BackboneOptions backbone = light is null ? model.Backbone : light with { FrozenStages = ((CspNetOptions)recipe.Model.Backbone).FrozenStages };
        return recipe with { Model = model with { Classes = [], Backbone = backbone, Loss = recipe.Model.Loss } };
    }

    /// <summary>Whether a file holds a whole detector, not a backbone alone.</summary>
    /// <exception cref="FocalSharpException">The file is absent or damaged.</exception>
    internal static bool IsDetector(string path) => ReadDetectorOptions(path) is not null;

    private static DetectorOptions? ReadDetectorOptions(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && DetectorCheckpoint.IsFocalSharpModel(path))
        {
            return DetectorCheckpoint.ReadOptions(path);
        }

        Checkpoint source = Checkpoint.Read(path);
        return source.Weights.Names.Any(name => name.Contains("bbox_head.", StringComparison.Ordinal))
            ? CheckpointInspector.InferOptions(source.Weights, source.Classes)
            : null;
    }
}
