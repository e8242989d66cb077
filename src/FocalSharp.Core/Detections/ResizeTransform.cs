namespace FocalSharp.Detections;

/// <summary>Where an image lies in the network's input and how it got there.</summary>
/// <param name="Width">Width of the resized image in pixels, without padding; decoded boxes are cut to it.</param>
/// <param name="Height">Height of the resized image in pixels, without padding.</param>
/// <param name="ScaleX">Resized width over original width; boxes are divided by it.</param>
/// <param name="ScaleY">Resized height over original height.</param>
public readonly record struct ResizeTransform(int Width, int Height, float ScaleX = 1, float ScaleY = 1);
