namespace FocalSharp.Detections;

/// <summary>How an image was resized into the network's input.</summary>
/// <param name="Width">Width of the resized image in pixels, without padding; decoded boxes are clipped to it.</param>
/// <param name="Height">Height of the resized image in pixels, without padding.</param>
/// <param name="ScaleX">Resized width divided by original width; boxes are divided by it.</param>
/// <param name="ScaleY">Resized height divided by original height.</param>
public readonly record struct ResizeTransform(int Width, int Height, float ScaleX = 1, float ScaleY = 1);
