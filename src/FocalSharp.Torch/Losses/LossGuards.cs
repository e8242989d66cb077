using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Checks the arguments of the loss modules. Shapes and types are always checked, values only where <see cref="ValueChecks.AreEnabled"/>.
/// </summary>
internal static class LossGuards
{
    /// <summary>Throws unless a tensor is a matrix of floating-point numbers.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="shape">The shape in messages, for example <c>[N, C]</c>.</param>
    /// <param name="minColumns">The minimum size of the second dimension.</param>
    /// <param name="maxColumns">The maximum size of the second dimension.</param>
    /// <exception cref="ArgumentException">It has another shape or type.</exception>
    public static void RequireMatrix(Tensor tensor, string name, string shape, long minColumns = 1, long maxColumns = long.MaxValue)
    {
        RequireLive(tensor, name);
        if (tensor.dim() != 2 || tensor.size(1) < minColumns || tensor.size(1) > maxColumns)
        {
            throw CreateShapeError(tensor, name, shape);
        }

        RequireFloatingPoint(tensor, name);
    }

    /// <summary>Throws if a tensor is null or was disposed.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void RequireLive(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.IsInvalid)
        {
            throw new ArgumentException($"'{name}' was disposed.", name);
        }
    }

    /// <summary>Throws unless a tensor contains floating-point numbers.</summary>
    /// <exception cref="ArgumentException">It contains other values.</exception>
    public static void RequireFloatingPoint(Tensor tensor, string name)
    {
        RequireLive(tensor, name);
        if (!is_floating_point(tensor))
        {
            throw new ArgumentException($"'{name}' must contain floating-point numbers, but is of type {tensor.dtype}.", name);
        }
    }

    /// <summary>Throws unless a tensor has one value per row of the prediction; null is allowed.</summary>
    /// <exception cref="ArgumentException">It has another shape or device, or complex numbers.</exception>
    public static void RequireRows(Tensor? tensor, string name, Tensor prediction)
    {
        if (tensor is null)
        {
            return;
        }

        RequireNumbersBeside(tensor, name, prediction);
        if (tensor.dim() != 1 || tensor.size(0) != prediction.size(0))
        {
            throw CreateShapeError(tensor, name, $"[N] with N = {prediction.size(0)}, one value per row of the prediction");
        }
    }

    /// <summary>Throws unless a tensor has the shape of another one.</summary>
    /// <exception cref="ArgumentException">It has another shape or device, or complex numbers.</exception>
    public static void RequireShapeOf(Tensor tensor, string name, Tensor other, string otherName)
    {
        RequireNumbersBeside(tensor, name, other);
        if (!tensor.shape.AsSpan().SequenceEqual(other.shape))
        {
            throw CreateShapeError(tensor, name, $"{Format(other)}, that of {otherName}");
        }
    }

    /// <summary>Throws unless a tensor can be broadcast to a shape; null is allowed.</summary>
    /// <exception cref="ArgumentException">It cannot, or has another device or complex numbers.</exception>
    public static void RequireBroadcast(Tensor? tensor, string name, Tensor target)
    {
        if (tensor is null)
        {
            return;
        }

        RequireNumbersBeside(tensor, name, target);
        (long[] from, long[] to) = (tensor.shape, target.shape);
        bool fits = from.Length <= to.Length;
        for (int i = 1; i <= from.Length && fits; i++)
        {
            fits = from[^i] == 1 || from[^i] == to[^i];
        }

        if (!fits)
        {
            throw CreateShapeError(tensor, name, $"{Format(target)}, or one that broadcasts to it");
        }
    }

    /// <summary>Throws unless a tensor contains integers.</summary>
    /// <exception cref="ArgumentException">It contains other values.</exception>
    public static void RequireIntegers(Tensor tensor, string name)
    {
        RequireLive(tensor, name);
        if (!is_integral(tensor) || tensor.dtype == ScalarType.Bool)
        {
            throw new ArgumentException($"'{name}' must contain integer class labels, but is of type {tensor.dtype}. Were labels and qualities swapped?", name);
        }
    }

    /// <summary>
    /// Throws unless an averaging factor, if there is one, is finite and not negative. The official code divides by 0 plus an epsilon, which the
    /// check of values rejects.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void RequireFactor(double? averageFactor)
    {
        if (averageFactor is { } factor && (!(factor >= 0 && double.IsFinite(factor)) || (factor == 0 && ValueChecks.AreEnabled)))
        {
            throw new ArgumentOutOfRangeException(nameof(averageFactor), factor, "The averaging factor must be a finite number above 0; use at least 1 if there are no positives.");
        }
    }

    /// <summary>Returns an option if it is finite and not below a minimum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double RequireAtLeast(double value, double minimum, string name) => double.IsFinite(value) && value >= minimum
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"'{name}' must be a finite number of at least {minimum}.");

    /// <summary>If values are checked, throws unless all are in a range; NaN is not.</summary>
    /// <exception cref="ArgumentException">A value is outside.</exception>
    public static void CheckRange(Tensor? tensor, string name, double min, double max, string meaning)
    {
        if (!ValueChecks.AreEnabled || tensor is null || tensor.numel() == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor values = tensor.detach().to(float64);
        Tensor inside = values.ge(min).logical_and_(values.le(max));
        if (!inside.all().item<bool>())
        {
            (double low, double high) = (values.min().item<double>(), values.max().item<double>());
            throw new ArgumentException($"'{name}' must be {meaning}, but its values range from {low} to {high}.", name);
        }
    }

    /// <summary>If values are checked, throws unless all boxes are finite and have their corners in order.</summary>
    /// <exception cref="ArgumentException">A box is not.</exception>
    public static void CheckBoxes(Tensor boxes, string name)
    {
        if (!ValueChecks.AreEnabled || boxes.numel() == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor detached = boxes.detach();
        Tensor ordered = detached.narrow(1, 2, 2).ge(detached.narrow(1, 0, 2)).all(1).logical_and_(detached.isfinite().all(1));
        if (!ordered.all().item<bool>())
        {
            long row = ordered.logical_not().nonzero()[0, 0].item<long>();
            throw new ArgumentException($"'{name}' must have finite boxes x1, y1, x2, y2 with x1 ≤ x2 and y1 ≤ y2; row {row} does not.", name);
        }
    }

    /// <summary>If values are checked, throws if one is NaN; infinite logits are allowed.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static void CheckNumbers(Tensor tensor, string name)
    {
        if (!ValueChecks.AreEnabled || tensor.numel() == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor invalid = tensor.detach().isnan();
        if (invalid.any().item<bool>())
        {
            throw new ArgumentException($"'{name}' must contain numbers, but {invalid.sum().item<long>()} of its {tensor.numel()} values are NaN.", name);
        }
    }

    /// <summary>If values are checked, throws unless all weights are finite; null is allowed.</summary>
    /// <exception cref="ArgumentException">A weight is not.</exception>
    public static void CheckWeight(Tensor? weight, string name)
    {
        if (!ValueChecks.AreEnabled || weight is null || weight.numel() == 0)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor finite = weight.detach().isfinite();
        if (!finite.all().item<bool>())
        {
            throw new ArgumentException($"'{name}' must be finite, but {finite.logical_not().sum().item<long>()} of its {weight.numel()} values are not.", name);
        }
    }

    /// <summary>Throws unless a tensor contains real numbers on the device of another one.</summary>
    /// <exception cref="ArgumentException">It does not, or it was disposed.</exception>
    public static void RequireNumbersBeside(Tensor tensor, string name, Tensor other)
    {
        RequireLive(tensor, name);
        if (is_complex(tensor))
        {
            throw new ArgumentException($"'{name}' must contain real numbers, but is of type {tensor.dtype}.", name);
        }

        if (tensor.device_type != other.device_type || tensor.device_index != other.device_index)
        {
            throw new ArgumentException($"'{name}' must be on the device {other.device}, as the prediction, but is on {tensor.device}.", name);
        }
    }

    private static ArgumentException CreateShapeError(Tensor tensor, string name, string expected) =>
        new($"'{name}' must have the shape {expected}, but has {Format(tensor)}.", name);

    private static string Format(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
