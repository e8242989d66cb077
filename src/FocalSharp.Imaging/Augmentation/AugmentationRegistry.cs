using System.Collections.Concurrent;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>The custom augmentations that recipes can name in <see cref="AugmentationOptions.Custom"/>.</summary>
public static class AugmentationRegistry
{
    private static readonly ConcurrentDictionary<string, IAugmentation> Augmentations = new(StringComparer.Ordinal);

    /// <summary>Gets the names of the registered augmentations, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. Augmentations.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Registers an augmentation; one of the same name is replaced.</summary>
    /// <param name="augmentation">The augmentation.</param>
    public static void Register(IAugmentation augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentException.ThrowIfNullOrWhiteSpace(augmentation.Name, nameof(augmentation));
        Augmentations[augmentation.Name] = augmentation;
    }

    /// <summary>Returns the augmentation of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="OptionException">No augmentation of this name is registered.</exception>
    internal static IAugmentation Get(string name)
    {
        if (Augmentations.TryGetValue(name, out IAugmentation? augmentation))
        {
            return augmentation;
        }

        string registered = Augmentations.IsEmpty ? "none" : string.Join(", ", Names);
        throw new OptionException($"augmentation.custom: no augmentation '{name}' is registered (registered: {registered}). Register it before the recipe is used.")
        {
            OptionName = nameof(AugmentationOptions.Custom),
        };
    }
}
