using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.Supervisely;

public sealed class SuperviselyFormatTests
{
    [Fact]
    public void Reads_rectangles_polygons_and_bitmaps()
    {
        using TestFolder folder = new TestFolder().Image("train/img/a.png").Image("ds1/img/b.png")
            .Text("meta.json", """{"classes": [{"title": "dog", "shape": "any", "color": "#FF0000"}, {"title": "cat", "shape": "rectangle"}], "tags": []}""")
            .Text("train/ann/a.png.json", $$$"""
                {"description": "", "tags": [], "size": {"height": 80, "width": 100}, "objects": [
                  {"classTitle": "cat", "geometryType": "rectangle", "points": {"exterior": [[10, 12], [30, 32]], "interior": []}},
                  {"classTitle": "dog", "geometryType": "polygon", "points": {"exterior": [[10, 10], [40, 15], [25, 30]], "interior": []}},
                  {"classTitle": "dog", "geometryType": "bitmap", "bitmap": {"data": "{{{Bitmap()}}}", "origin": [20, 30]}},
                  {"classTitle": "dog", "geometryType": "line", "points": {"exterior": [[1, 1], [2, 2]], "interior": []}}]}
                """)
            .Text("ds1/ann/b.png.json", """{"size": {"height": 80, "width": 100}, "objects": [], "tags": [{"name": "val"}]}""");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(["dog", "cat"], set.Classes);
        DatasetImage image = set.Images.Single(image => image.FileName.EndsWith("a.png", StringComparison.Ordinal));
        image.AssertObjects(set, ("cat", 10, 12, 30, 32), ("dog", 10, 10, 40, 30), ("dog", 21, 32, 23, 33));
        Assert.Equal([DatasetSplit.Train, DatasetSplit.Val], set.Images.Select(found => found.Split).Order());
        Assert.Equal([DatasetProblemKind.ConvertedShape, DatasetProblemKind.ConvertedShape, DatasetProblemKind.SkippedShape], set.Kinds());
    }

    // A mask of 4x3 pixels of one bit; the pixels 1 and 2 of its last row are set.
    private static string Bitmap()
    {
        byte[] rows = [0, 0b0000_0000, 0, 0b0000_0000, 0, 0b0110_0000];
        byte[] png =
        [
            0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 4, 0, 0, 0, 3, 1, 0, 0, 0, 0, 1, 2, 3, 4,
            .. Chunk("IDAT"u8.ToArray(), ZLib(rows)), .. Chunk("IEND"u8.ToArray(), []),
        ];
        return Convert.ToBase64String(ZLib(png));
    }

    private static byte[] Chunk(byte[] name, byte[] data) => [0, 0, 0, (byte)data.Length, .. name, .. data, 1, 2, 3, 4];

    private static byte[] ZLib(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (System.IO.Compression.ZLibStream zlib = new(stream, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return stream.ToArray();
    }
}
