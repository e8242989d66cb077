using FocalSharp.Distributions;
using FocalSharp.Losses;

namespace FocalSharp.Explorer.Losses;

/// <summary>Computes the values that the pages show. A test compares the script of the pages with this class.</summary>
internal static class LossEvaluator
{
    /// <summary>Gets the names of the losses.</summary>
    public static IReadOnlyList<string> Names { get; } = ["fl", "qfl", "dfl", "gfl", "box"];

    /// <summary>Returns the values of a loss at a point.</summary>
    /// <exception cref="OptionException">There is no such loss, or an argument is missing or out of range.</exception>
    public static object Evaluate(string name, LossArguments arguments)
    {
        object value = Compute(name, arguments);
        arguments.RequireAllRead();
        return value;
    }

    private static object Compute(string name, LossArguments arguments) => name switch
    {
        "fl" => FocalLoss(arguments),
        "qfl" => QualityFocalLoss(arguments),
        "dfl" => DistributionFocalLoss(arguments),
        "gfl" => GeneralizedFocalLoss(arguments),
        "box" => Boxes(arguments),
        _ => throw new OptionException($"No such loss: '{name}'.{Suggestions.DidYouMean(name, Names)} Valid losses: {string.Join(", ", Names)}."),
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
            throw new OptionException($"yl is {leftLabel} and yr is {rightLabel}: yl must be less than yr.");
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
            // The official loss has a minimum of 1e-6 for the IoU; the value has none.
            ["iou"] = Overlap(BoxLossKind.IouLinear, predicted, target) with { Value = ComputeIou(predicted, target) },
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

    private static double ComputeIou(double[] a, double[] b)
    {
        double overlap = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])) * Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        double union = ((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - overlap;
        return overlap / Math.Max(union, BoxLossFormula.DefaultEpsilon);
    }

    private static double[] Box(LossArguments arguments, string name) =>
        arguments.List(name, min: 4, max: 4) is var box && box[0] <= box[2] && box[1] <= box[3]
            ? box
            : throw new OptionException($"{name} must be x1,y1,x2,y2 with x1 ≤ x2 and y1 ≤ y2.");

    private static double Logit(double p) => Math.Log(p / (1 - p));
}

/// <summary>A classification loss at a probability.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="GradientLogit">The derivative with respect to the logit, which training propagates.</param>
/// <param name="GradientProbability">The derivative with respect to the probability: the former divided by p·(1 − p).</param>
/// <param name="CrossEntropy">The cross-entropy at the same point: the loss without its modulating factor.</param>
internal sealed record LossPoint(double Loss, double GradientLogit, double GradientProbability, double CrossEntropy)
{
    public static LossPoint Create(double p, double loss, double gradientLogit, double crossEntropy) =>
        new(loss, gradientLogit, gradientLogit / (p * (1 - p)), crossEntropy);
}

/// <summary>Distribution focal loss of n + 1 logits, with statistics of their softmax.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">The n + 1 derivatives with respect to the logits.</param>
/// <param name="Probabilities">The softmax.</param>
/// <param name="Expectation">The mean, ŷ.</param>
/// <param name="Deviation">The standard deviation in bins.</param>
/// <param name="Entropy">The entropy in nats.</param>
internal sealed record DistributionPoint(
    double Loss, double[] Gradient, double[] Probabilities, double Expectation, double Deviation, double Entropy);

/// <summary>Generalized focal loss of the probabilities of two labels.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="GradientLeft">The derivative with respect to p_l.</param>
/// <param name="GradientRight">The derivative with respect to p_r.</param>
/// <param name="Expectation">ŷ = y_l·p_l + y_r·p_r.</param>
internal sealed record PairPoint(double Loss, double GradientLeft, double GradientRight, double Expectation);

/// <summary>A measure of the IoU family for two boxes.</summary>
/// <param name="Value">The measure: 1 − loss.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Gradient">The derivatives with respect to x1, y1, x2, y2 of the predicted box.</param>
internal sealed record OverlapPoint(double Value, double Loss, double[] Gradient);
