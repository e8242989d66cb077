namespace FocalSharp.Detections.Calibration;

/// <summary>
/// A strictly increasing map of scores, so that it never changes the order of detections. Either logistic,
/// <c>sigmoid(slope · logit(score) + intercept)</c> (temperature scaling if the intercept is 0; Platt 1999), or piecewise linear between knots (isotonic regression).
/// </summary>
internal sealed record ScoreMap
{
    /// <summary>Scores are clamped to this distance from 0 and 1 before their logit is computed.</summary>
    public const double Margin = 1e-7;

    private readonly double[] _x = [];
    private readonly double[] _y = [];

    /// <summary>Creates a logistic map.</summary>
    /// <param name="slope">The inverse temperature, above 0.</param>
    /// <param name="intercept">The shift of the logit.</param>
    public ScoreMap(double slope, double intercept) => (Slope, Intercept) = (slope, intercept);

    /// <summary>Creates a piecewise linear map from (0, 0) over the knots to (1, 1).</summary>
    /// <param name="x">Scores, strictly increasing between 0 and 1.</param>
    /// <param name="y">Their values, strictly increasing between 0 and 1.</param>
    public ScoreMap(IReadOnlyList<double> x, IReadOnlyList<double> y) => (_x, _y) = ([0, .. x, 1], [0, .. y, 1]);

    /// <summary>Gets the inverse temperature of a logistic map.</summary>
    public double Slope { get; } = 1;

    /// <summary>Gets the shift of the logit of a logistic map.</summary>
    public double Intercept { get; }

    /// <summary>Gets whether the map is piecewise linear.</summary>
    public bool IsIsotonic => _x.Length > 0;

    /// <summary>Gets the scores of the knots.</summary>
    public ReadOnlySpan<double> X => IsIsotonic ? _x.AsSpan(1, _x.Length - 2) : [];

    /// <summary>Gets the values of the knots.</summary>
    public ReadOnlySpan<double> Y => IsIsotonic ? _y.AsSpan(1, _y.Length - 2) : [];

    /// <summary>Returns <c>ln(p / (1 − p))</c> of a score that is clamped away from 0 and 1.</summary>
    public static double Logit(double score)
    {
        double p = Math.Clamp(score, Margin, 1 - Margin);
        return Math.Log(p / (1 - p));
    }

    /// <summary>Returns <c>1 / (1 + e^−x)</c>.</summary>
    public static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    /// <summary>Maps a score, 0 to 1.</summary>
    public double Map(double score) => IsIsotonic ? Interpolate(_x, _y, score) : Sigmoid((Slope * Logit(score)) + Intercept);

    /// <summary>Returns the score that <see cref="Map"/> maps to a value, 0 to 1.</summary>
    public double Invert(double value) => value <= 0 ? 0 : value >= 1 ? 1
        : IsIsotonic ? Interpolate(_y, _x, value) : Sigmoid((Logit(value) - Intercept) / Slope);

    private static double Interpolate(double[] x, double[] y, double at)
    {
        double clamped = Math.Clamp(at, 0, 1);
        int found = Array.BinarySearch(x, clamped);
        if (found >= 0)
        {
            return y[found];
        }

        int above = ~found;
        double t = (clamped - x[above - 1]) / (x[above] - x[above - 1]);
        return y[above - 1] + (t * (y[above] - y[above - 1]));
    }
}
