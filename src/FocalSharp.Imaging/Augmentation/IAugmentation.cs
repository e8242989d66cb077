namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// A custom augmentation, applied to training samples after the built-in ones. Register it with <see cref="AugmentationRegistry.Register"/>
/// and list its name in <see cref="AugmentationOptions.Custom"/>.
/// </summary>
public interface IAugmentation
{
    /// <summary>Gets the name that recipes use.</summary>
    string Name { get; }

    /// <summary>
    /// Augments a sample. Called on several threads at once. The result must depend only on the sample and on <paramref name="random"/>, which
    /// is seeded by the run's seed, the epoch and the sample's position, so that runs are reproducible.
    /// </summary>
    /// <param name="sample">The sample. Its pixels may be changed in place.</param>
    /// <param name="random">The sample's random numbers.</param>
    /// <returns>The augmented sample, with one label for each box.</returns>
    TrainingSample Apply(TrainingSample sample, ref AugmentationRandom random);
}
