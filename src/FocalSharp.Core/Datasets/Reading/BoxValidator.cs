using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Reading;

/// <summary>Validates a box against its image: the box is accepted, clipped, or skipped with a reason.</summary>
internal static class BoxValidator
{
    /// <summary>Returns the valid part of a box, or null; problems are reported.</summary>
    /// <param name="raw">The box in pixels.</param>
    /// <param name="size">The size of the image; null if it is unknown, then nothing is clipped.</param>
    /// <param name="tolerance">Pixels that a box may extend beyond the image.</param>
    /// <param name="report">Receives the kind, description and fix of a problem.</param>
    public static Box? Validate(
        in RawBox raw, ImageSize? size, double tolerance, Action<DatasetProblemKind, string, string> report)
    {
        Box box = new((float)raw.X1, (float)raw.Y1, (float)raw.X2, (float)raw.Y2);
        if (!box.IsFinite)
        {
            report(
                DatasetProblemKind.NotFinite,
                "a coordinate is not a finite number, skipped",
                "write four numbers or remove the box");
            return null;
        }

        if (raw.IsPoint || box.IsEmpty)
        {
            report(
                DatasetProblemKind.DegenerateBox,
                raw.IsPoint
                    ? "its two corners are equal or swapped, skipped"
                    : $"it is {FormatSize(box)} px, so it has no area; skipped",
                "draw it again or remove it");
            return null;
        }

        if (size is not { } image)
        {
            return box;
        }

        Box cut = box.Clip(image.Width, image.Height);
        if (cut.IsEmpty)
        {
            report(
                DatasetProblemKind.DegenerateBox,
                $"{FormatCorners(box)} has no area inside the image of {image}, skipped",
                "draw it again, remove it, or check which image it belongs to");
            return null;
        }

        double overhang = Math.Max(Math.Max(-box.X1, -box.Y1), Math.Max(box.X2 - image.Width, box.Y2 - image.Height));
        if (overhang <= tolerance)
        {
            return box;
        }

        report(
            DatasetProblemKind.OutsideBox,
            $"{FormatCorners(box)} extends {overhang:0.##} px beyond the image of {image}, clipped to {FormatCorners(cut)}",
            "correct the box unless this is intended");
        return cut;
    }

    private static string FormatCorners(Box box) => $"[{box.X1:0.##}, {box.Y1:0.##}, {box.X2:0.##}, {box.Y2:0.##}]";

    private static string FormatSize(Box box) => $"{box.Width:0.###}x{box.Height:0.###}";
}
