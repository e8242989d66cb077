using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Recipes;

/// <summary>How an image becomes the network's input. Defaults: mmdetection's GFL, 1333x800.</summary>
public sealed record InputOptions
{
    /// <summary>Whether an image's ratio is kept (official), or the image stretched to the whole input (NanoDet).</summary>
    public ResizeMode Mode { get; init; } = ResizeMode.KeepRatio;

    /// <summary>The longer side is at most this (official: 1333).</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>The shorter side is at most this (official: 800).</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>
    /// Sizes that training draws from: the shorter side's bounds for the official rule, multiples of 32 around the size for square
    /// canvases. Empty: one size (official 1x: empty).
    /// </summary>
    public IReadOnlyList<int> MultiScale { get; init; } = [];

    /// <summary>
    /// Whether training composes each sample on a square canvas of <see cref="ShortSide"/> (needed by affine and mosaic), instead of
    /// the official resize and flip with images of their own size (official: false).
    /// </summary>
    public bool SquareCanvas { get; init; }

    /// <summary>The rule that evaluation and deployment resize by.</summary>
    public ResizeRule ResizeRule => new() { Mode = Mode, LongSide = LongSide, ShortSide = ShortSide };

    /// <summary>The input with one size for both sides, as <c>--size</c> sets it.</summary>
    public InputOptions WithSize(int size) => this with { LongSide = size, ShortSide = size };
}
