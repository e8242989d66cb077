using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Selects the split of a data set to evaluate on.</summary>
internal static class EvaluationSplit
{
    /// <summary>Selects a split.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>test</c> or <c>all</c>; null for the one that training evaluates on, so that its metrics can be reproduced.</param>
    /// <param name="ui">Reports the default.</param>
    /// <exception cref="DatasetException">The split has no objects to evaluate on.</exception>
    public static (DetectionDataset Dataset, string Split) Select(DetectionDataset dataset, string? split, ConsoleUi ui)
    {
        if (split is not null)
        {
            return (RequireObjects(split == "all" ? dataset : dataset.Select(Enum.Parse<DatasetSplit>(split, ignoreCase: true)), split), split);
        }

        (DetectionDataset part, string name, string reason) = TrainEvalSplit.SelectEval(dataset);
        ui.Dim($"{dataset.Name}: {reason} (choose another split with --split)");
        return (RequireObjects(part, name), name);
    }

    private static DetectionDataset RequireObjects(DetectionDataset dataset, string split)
    {
        const string Choice = "Choose another with --split train|val|test|all.";
        if (dataset.ObjectCount == 0)
        {
            throw new DatasetException($"{dataset.Name}: split '{split}' ({Quantity.Format(dataset.Images.Count, "image")}) has no labeled objects to evaluate on. {Choice}");
        }

        return dataset.NonCrowdCount > 0
            ? dataset
            : throw new DatasetException($"{dataset.Name}: all {dataset.ObjectCount} objects of split '{split}' are crowds (iscrowd), which are not evaluated. {Choice}");
    }
}
