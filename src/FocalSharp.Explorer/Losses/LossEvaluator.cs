using FocalSharp.Distributions;
using FocalSharp.Losses;

namespace FocalSharp.Explorer.Losses;

/// <summary>What the pages show, computed by the library. The pages' own script is held against this by a test.</summary>
internal static class LossEvaluator
{
    /// <summary>The losses that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fl", "qfl", "dfl", "gfl", "box"];

    /// <summary>Values of one loss at a point, by name.</summary>
    /// <exception cref="FocalSharpException">There is no such loss, or an argument is missing or out of bounds.</exception>
    public static object Evaluate(string name, LossArguments arguments) => name switch
    {
        "fl" => FocalLoss(arguments),
        "qfl" => QualityFocalLoss(arguments),
        "dfl" => DistributionFocalLoss(arguments),
        "gfl" => GeneralizedFocalLoss(arguments),
        "box" => Boxes(arguments),
        _ => throw new FocalSharpException($"There is no loss '{name}'.{Suggestions.DidYouMean(name, Names)} There are {string.Join(", ", Names)}."),
    };

    private static LossPoint FocalLoss(LossArguments arguments)
    {
        double p = arguments.Probability("p");
        double y = arguments.Number("y", 0, 1, 1);
        double gamma = arguments.Number("gamma", 0, 10, FocalLossFormula.DefaultGamma);
        double logit = Logit(p);
        (double loss, double gradient) = FocalLossFormula.Evaluate(logit, y, gamma, arguments.Optional("alpha", 0, 1));
        return LossPoint.Create(p, loss, gradient, FocalLossFormula.Evaluate(logit, y, 0).Loss);
    }

    private static LossPoint QualityFocalLoss(LossArguments arguments)
    {
        double sigma = arguments.Probability("sigma");
        double y = arguments.Number("y", 0, 1);
        double beta = arguments.Number("beta", 0, 10, QualityFocalLossFormula.DefaultBeta);
        double logit = Logit(sigma);
        (double loss, double gradient) = QualityFocalLossFormula.Evaluate(logit, y, beta);
        return LossPoint.Create(sigma, loss, gradient, QualityFocalLossFormula.Evaluate(logit, y, 0).Loss);
    }

    private static DistributionPoint DistributionFocalLoss(LossArguments arguments)
    {
        double[] logits = arguments.List("logits", min: 2);
        double y = arguments.Number("y", 0, logits.Length - 1);
        double[] gradient = new double[logits.Length];
        double loss = DistributionFocalLossFormula.Evaluate<double>(logits, y, gradient);
        double[] probabilities = new double[logits.Length];
        DistributionMath.Softmax<double>(logits, probabilities);
        double expectation = probabilities.Select((p, bin) => p * bin).Sum();
        double variance = probabilities.Select((p, bin) => p * (bin - expectation) * (bin - expectation)).Sum();
        double entropy = -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p));
        return new(loss, gradient, probabilities, expectation, Math.Sqrt(variance), entropy);
    }

    private static PairPoint GeneralizedFocalLoss(LossArguments arguments)
    {
        double left = arguments.Probability("pl");
        double right = arguments.Probability("pr");
        double leftLabel = arguments.Number("yl", -1000, 1000, 0);
        double rightLabel = arguments.Number("yr", -1000, 1000, 1);
        if (leftLabel >= rightLabel)
        {
            throw new FocalSharpException($"yl is {leftLabel} and yr {rightLabel}: yl must lie below yr.");
        }

        double y = arguments.Number("y", leftLabel, rightLabel);
        double beta = arguments.Number("beta", 0, 10, QualityFocalLossFormula.DefaultBeta);
        GeneralizedFocalLossValue<double> value = GeneralizedFocalLossFormula.Evaluate(left, right, y, leftLabel, rightLabel, beta);
        return new(value.Loss, value.LeftGradient, value.RightGradient, (leftLabel * left) + (rightLabel * right));
    }

    private static Dictionary<string, OverlapPoint> Boxes(LossArguments arguments)
    {
        double[] predicted = Box(arguments, "predicted");
        double[] target = Box(arguments, "target");
        return new(StringComparer.Ordinal)
        {
            ["iou"] = Overlap(BoxLossKind.IouLinear, predicted, target),
            ["giou"] = Overlap(BoxLossKind.Giou, predicted, target),
            ["diou"] = Overlap(BoxLossKind.Diou, predicted, target),
            ["ciou"] = Overlap(BoxLossKind.Ciou, predicted, target),
        };
    }

    private static OverlapPoint Overlap(BoxLossKind kind, double[] predicted, double[] target)
    {
        double[] gradient = new double[4];
        double loss = BoxLossFormula.Evaluate<double>(kind, predicted, target, gradient, [], BoxLossFormula.DefaultEpsilon);
        return new(1 - loss, loss, gradient);
    }

    private static double[] Box(LossArguments arguments, string name) =>
        arguments.List(name, min: 4, max: 4) is var box && box[0] <= box[2] && box[1] <= box[3]
            ? box
            : throw new FocalSharpException($"{name} must be x1,y1,x2,y2 with x1 ≤ x2 and y1 ≤ y2.");

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
