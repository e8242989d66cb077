using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>Composes several images with captions into one.</summary>
internal static class ContactSheet
{
    private static readonly SKColor BackgroundColor = new(21, 24, 30);
    private static readonly SKColor TextColor = new(228, 231, 236);

    /// <summary>Arranges images in rows. A column is as wide as its widest image, a row as high as its highest.</summary>
    /// <param name="pictures">Images with their captions; an empty caption takes the same space.</param>
    /// <param name="columns">Images per row, at least 1.</param>
    /// <param name="title">A title, or null.</param>
    public static RgbImage Compose(IReadOnlyList<(RgbImage Image, string Caption)> pictures, int columns, string? title = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count, nameof(pictures));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        columns = Math.Min(columns, pictures.Count);
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => pictures.Where((_, i) => i % columns == c).Max(p => p.Image.Width))];
        int[] heights = [.. pictures.Chunk(columns).Select(row => row.Max(p => p.Image.Height))];
        int letters = Math.Clamp(widths.Max() / 55, 8, 18);
        int gap = letters;
        int caption = (int)(letters * 2.5);
        int top = title is null ? gap / 2 : letters * 4;
        using SkiaImage sheet = new(
            widths.Sum() + (gap * (columns + 1)), top + heights.Sum() + ((caption + (gap / 2)) * heights.Length) + (gap / 2), BackgroundColor);
        if (title is not null)
        {
            StrokeFont.Draw(sheet.Canvas, title, gap, letters * 2.6f, letters * 1.4f, TextColor, StrokeFont.Bold);
        }

        int y = top;
        for (int row = 0; row < heights.Length; row++)
        {
            int x = gap;
            for (int column = 0; column < columns && (row * columns) + column < pictures.Count; column++)
            {
                (RgbImage image, string text) = pictures[(row * columns) + column];
                sheet.Canvas.Save();
                sheet.Canvas.ClipRect(SKRect.Create(x, y, widths[column], caption));
                StrokeFont.Draw(sheet.Canvas, text, x, y + (caption * 0.66f), letters, TextColor);
                sheet.Canvas.Restore();
                sheet.Paste(image, x, y + caption);
                x += widths[column] + gap;
            }

            y += caption + heights[row] + (gap / 2);
        }

        return sheet.ToImage();
    }
}
