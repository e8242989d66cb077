using CsCheck;
using FocalSharp.Imaging.Drawing;
using SkiaSharp;

namespace FocalSharp.Imaging.Tests.Drawing;

public sealed class DrawingPartsTests
{
    [Fact]
    public void Every_printable_ascii_character_has_its_own_shape()
    {
        Dictionary<string, char> seen = [];
        for (char c = ' '; c <= '~'; c++)
        {
            using SkiaImage picture = new(80, 80, SKColors.Black);
            float end = StrokeFont.Draw(picture.Canvas, c.ToString(), 10, 60, 40, SKColors.White);
            RgbImage image = picture.ToImage();
            Assert.Equal(10 + StrokeFont.Measure(c.ToString(), 40), end, 1e-3);
            Assert.Equal(c == ' ', image.Pixels.All(value => value == 0));
            Assert.True(StrokeGlyphs.All.ContainsKey(c), $"'{c}' is missing");
            string pixels = Convert.ToBase64String(image.Pixels);
            Assert.False(seen.TryGetValue(pixels, out char twin), $"'{c}' looks like '{twin}'");
            seen[pixels] = c;
        }
    }

    [Fact]
    public void Letters_stay_within_the_width_they_measure()
    {
        foreach (char c in StrokeGlyphs.All.Keys)
        {
            using SkiaImage picture = new(100, 100, SKColors.Black);
            StrokeFont.Draw(picture.Canvas, c.ToString(), 20, 70, 40, SKColors.White);
            RgbImage image = picture.ToImage();
            float right = 20 + StrokeFont.Measure(c.ToString(), 40);
            for (int i = 0; i < 100 * 100; i++)
            {
                (int x, int y) = (i % 100, i / 100);
                bool outside = x < 19 || x > right + 1 || y < 20 || y > 90;
                Assert.False(outside && TestImages.At(image, x, y).R > 0, $"'{c}' leaves its cell at {x},{y}");
            }
        }
    }

    [Fact]
    public void Eighty_classes_have_eighty_colors_and_a_label_keeps_its_own()
    {
        Assert.Equal(80, Enumerable.Range(0, 80).Select(Palette.GetColor).Distinct().Count());
        Assert.Equal(Palette.GetColor(57), Palette.GetColor(57));
        Assert.Equal(Palette.GetColor(0), Palette.GetColor(-1));
    }

    [Fact]
    public void Text_contrasts_with_every_class_color() => Assert.All(Enumerable.Range(0, 200).Select(Palette.GetColor), color =>
    {
        RgbColor ink = Palette.GetTextColor(color);
        double difference = Math.Abs(Luma(ink) - Luma(color));
        Assert.True(difference > 100, $"{color}: {difference}");
        static double Luma(RgbColor c) => (0.299 * c.R) + (0.587 * c.G) + (0.114 * c.B);
    });

    [Fact]
    public void Tags_stay_within_the_picture() =>
        Gen.Select(Gen.Float[-50, 250], Gen.Float[-50, 250], Gen.Float[0, 200], Gen.Float[0, 200]).Array[1, 12].Sample(boxes =>
        {
            LabelLayout layout = new(200, 150);
            foreach ((float x, float y, float w, float h) in boxes)
            {
                SKRect tag = layout.Place(SKRect.Create(x, y, w, h), 60, 14);
                Assert.True(tag.Left >= 0 && tag.Top >= 0 && tag.Right <= 200.01f && tag.Bottom <= 150.01f, tag.ToString());
            }
        });

    [Fact]
    public void Two_boxes_at_one_place_have_tags_at_two()
    {
        LabelLayout layout = new(200, 150);
        SKRect box = SKRect.Create(50, 50, 100, 60);
        Assert.False(layout.Place(box, 60, 14).IntersectsWith(layout.Place(box, 60, 14)));
    }

    [Fact]
    public void A_contact_sheet_holds_each_picture_pixel_for_pixel()
    {
        RgbImage[] pictures = [TestImages.Noise(60, 40, 1), TestImages.Noise(50, 45, 2), TestImages.Noise(30, 20, 3)];
        RgbImage sheet = ContactSheet.Compose([.. pictures.Select((p, i) => (p, $"picture {i}"))], columns: 2, title: "Sheet");
        Assert.All(pictures, picture => Assert.True(Contains(sheet, picture)));
    }

    [Fact]
    public void An_empty_contact_sheet_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ContactSheet.Compose([], 1));

    private static bool Contains(RgbImage sheet, RgbImage picture)
    {
        for (int y = 0; y <= sheet.Height - picture.Height; y++)
        {
            int at = sheet.Row(y).IndexOf(picture.Row(0));
            if (at >= 0 && at % 3 == 0 && Enumerable.Range(0, picture.Height)
                .All(line => sheet.Row(y + line).Slice(at, picture.Width * 3).SequenceEqual(picture.Row(line))))
            {
                return true;
            }
        }

        return false;
    }
}
