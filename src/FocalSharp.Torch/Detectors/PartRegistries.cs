using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>All exchangeable parts of a detector, for readers of recipes and model files.</summary>
internal static class PartRegistries
{
    private static readonly IPartRegistry[] All =
        [Backbones.Registry, Necks.Registry, Heads.Registry, Assigners.Registry, ClassificationLosses.Registry, BoxLosses.Registry];

    /// <summary>Returns the registry of the part whose options have a base type; null if the type is not one of these.</summary>
    public static IPartRegistry? Find(Type optionsType) => Array.Find(All, registry => registry.OptionsType == optionsType);
}
