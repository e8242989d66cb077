using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.Protocols;

/// <summary>
/// Rules of data sets in which an image is annotated for some classes only (LVIS, Open Images): a class counts in an image if it is annotated
/// there or listed in <c>neg_category_ids</c>.
/// </summary>
internal static class FederatedRules
{
    /// <summary>LVIS's limit of detections per image, over all classes.</summary>
    public const int LvisMaxDetections = 300;

    /// <summary>Returns the results that count, and the options with the classes whose annotation is not exhaustive.</summary>
    public static (CocoResults Results, CocoEvaluationOptions Options) Apply(
        CocoGroundTruth truth, CocoResults results, EvaluationProtocol protocol, CocoEvaluationOptions options)
    {
        if (protocol is not (EvaluationProtocol.Lvis or EvaluationProtocol.OpenImages))
        {
            return (results, options);
        }

        IEnumerable<CocoResult> counted = results.Entries;
        if (protocol == EvaluationProtocol.Lvis)
        {
            counted = results.Entries.GroupBy(entry => entry.ImageId)
                .SelectMany(image => image.OrderByDescending(entry => entry.Score).Take(options.MaxDetections[^1]));
        }

        if (truth.Verifications.Count == 0)
        {
            return (new CocoResults(results.Source, counted) { Notes = results.Notes }, options);
        }

        HashSet<(long, int)> verified = [.. truth.Annotations.Select(annotation => (annotation.ImageId, annotation.CategoryId))];
        verified.UnionWith(truth.Verifications.SelectMany(image => image.Value.Negative.Select(category => (image.Key, category))));
        HashSet<(long, int)> open = [.. truth.Verifications.SelectMany(image => image.Value.NotExhaustive.Select(category => (image.Key, category)))];
        return (
            new CocoResults(results.Source, counted.Where(entry => verified.Contains((entry.ImageId, entry.CategoryId)))) { Notes = results.Notes },
            protocol == EvaluationProtocol.Lvis ? options with { NotExhaustive = open } : options);
    }
}
