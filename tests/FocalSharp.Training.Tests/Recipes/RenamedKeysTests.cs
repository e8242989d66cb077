using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Recipes;

public sealed class RenamedKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Keys => new()
    {
        { "plainShare", "closeMosaicFraction" },
        { "balance", "repeatFactorThreshold" },
        { "imageBudget", "sampleBudget" },
        { "sentinel.onFault", "lossGuard.onBadStep" },
        { "sentinel.maxInARow", "lossGuard.maxConsecutive" },
        { "sentinel.explosion", "lossGuard.explosionFactor" },
        { "sentinel.learnSteps", "lossGuard.warmupSteps" },
        { "sentinel.keepBatches", "lossGuard.maxSavedBatches" },
        { "transfer.images", "tuning.trialFraction" },
        { "transfer.kinAp50", "transfer.classMatches" },
        { "transfer.probeImages", "tuning.trialFraction" },
        { "transfer.alreadyDetectsAp50", "tuning.learningRateFactors" },
        { "transfer.learningRateFactor", "tuning.learningRateFactors" },
        { "model.loss.doubtScore", "model.loss.ignoreNegativesAbove" },
        { "model.head.ownLevels", "model.head.perLevelWeights" },
        { "model.head.sides", "model.head.boxRepresentation" },
        { "augmentation.copyPasteMost", "augmentation.copyPasteMax" },
        { "model.postprocess.keepDistributions", "model.postprocess.includeDistributions" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Keys))]
    public void An_old_key_is_answered_with_the_new_one_in_files_and_assignments(string old, string renamed)
    {
        string path = _folder.In("mine.yaml");
        string[] parts = old.Split('.');
        File.WriteAllText(path, string.Concat(parts.Select((part, i) => $"{new string(' ', 2 * i)}{part}:{(i == parts.Length - 1 ? " 1" : "")}\n")));

        string expected = $"'{old}' was renamed to '{renamed}'";
        Assert.Contains(expected, Assert.Throws<OptionException>(() => RecipeBook.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<OptionException>(() => RecipeBook.Set(new Recipe(), $"{old}=1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_new_key_exists(string old, string renamed)
    {
        Assert.NotEqual(old, renamed);
        Assert.Contains(renamed, RecipeBook.Flatten(new Recipe()).Select(entry => entry.Key));
    }
}
