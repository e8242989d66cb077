using FocalSharp.Checkpoints;
using FocalSharp.Torch.Backbones;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Recipes;

/// <summary>The recipe to go on training from weights with when none is named: the weights say what net they fit.</summary>
public static class WeightsRecipe
{
    /// <summary>For the light family.</summary>
    public const string Light = "nanodet-g-finetune";

    /// <summary>For every other detector, and without weights.</summary>
    public const string Default = "gfl-lite";

    /// <summary>
    /// A whole detector's weights bring their own net, in the recipe of its family; a backbone's leave the net to the default recipe.
    /// </summary>
    /// <param name="path">A weights file of any kind that training starts from.</param>
    /// <exception cref="UserErrorException">The file is absent or damaged.</exception>
    public static Recipe Choose(string path)
    {
        if (Model(path) is not { } model)
        {
            return RecipeBook.Load(Default);
        }

        bool light = model.Backbone.Csp is not null;
        Recipe recipe = RecipeBook.Load(light ? Light : Default);
        BackboneOptions backbone = light ? model.Backbone with { FrozenStages = recipe.Model.Backbone.FrozenStages } : model.Backbone;
        return recipe with { Model = model with { Classes = [], Backbone = backbone, Loss = recipe.Model.Loss } };
    }

    /// <summary>Whether a file holds a whole detector, not a backbone alone.</summary>
    /// <exception cref="UserErrorException">The file is absent or damaged.</exception>
    internal static bool IsDetector(string path) => Model(path) is not null;

    private static DetectorOptions? Model(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && DetectorCheckpoint.IsOurs(path))
        {
            return DetectorCheckpoint.ReadOptions(path);
        }

        Checkpoint source = Checkpoint.Read(path);
        return source.Weights.Names.Any(name => name.Contains("bbox_head.", StringComparison.Ordinal))
            ? CheckpointInspector.InferOptions(source.Weights, source.Classes)
            : null;
    }
}
