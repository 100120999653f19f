"""Generic views over a ModelSerializer: the first pages of REST Framework's own tutorial."""

from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from benchmarks.target import FIELDS

from .models import Listing


class ListingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Listing
        fields = FIELDS


class Newest(CursorPagination):
    page_size = 25
    ordering = "-created_at"


class ListingList(generics.ListCreateAPIView):
    queryset = Listing.objects.all()
    serializer_class = ListingSerializer
    pagination_class = Newest


class ListingDetail(generics.RetrieveAPIView):
    queryset = Listing.objects.all()
    serializer_class = ListingSerializer
